/* Starts the API description on its page. */
(function () {
  "use strict";
  var box = document.getElementById("api-docs");
  if (!box || !window.SwaggerUIBundle) return;
  window.SwaggerUIBundle({
    url: box.dataset.openapi,
    domNode: box,
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
    layout: "BaseLayout"
  });
})();
