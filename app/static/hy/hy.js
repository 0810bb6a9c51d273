/*
 * Enhancements only: every page works without this file. No eval, no inline handlers, no library.
 * Hooks are data-hy-* attributes, so that a class name may change without breaking behaviour.
 */
(function () {
  "use strict";

  var doc = document;

  function all(selector, root) {
    return Array.prototype.slice.call((root || doc).querySelectorAll(selector));
  }

  /* ---- navigation drawer on phones: without script the link's own #hy-side opens it ---- */
  function toggleDrawer(open) {
    doc.body.classList.toggle("hy-nav-open", open);
  }

  doc.addEventListener("click", function (event) {
    if (!event.target.closest) {
      return;
    }
    if (event.target.closest("[data-hy-nav]")) {
      event.preventDefault();
      toggleDrawer(!doc.body.classList.contains("hy-nav-open"));
    } else if (event.target.closest("[data-hy-nav-close]") || !event.target.closest("#hy-side")) {
      toggleDrawer(false);
    }
    all("details.hy-menu[open], details.hy-confirm[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) {
        menu.removeAttribute("open");
      }
    });
  });

  /* ---- acts: one open panel at a time, the cursor in its first field ---- */
  doc.addEventListener(
    "toggle",
    function (event) {
      var panel = event.target;
      if (!panel.open || !panel.matches || !panel.matches("details.hy-act")) {
        return;
      }
      all("details.hy-act[open]", panel.parentNode).forEach(function (other) {
        if (other !== panel) {
          other.removeAttribute("open");
        }
      });
      var first = panel.querySelector("textarea, input:not([type=hidden]), select");
      if (first && !panel.hasAttribute("data-hy-opened")) {
        first.focus();
      }
    },
    true
  );

  /* ---- keyboard: / searches, n registers, Escape closes ---- */
  doc.addEventListener("keydown", function (event) {
    var target = event.target;
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable;
    if (event.key === "Escape") {
      all("details.hy-menu[open], details.hy-confirm[open]").forEach(function (menu) {
        menu.removeAttribute("open");
        menu.querySelector("summary").focus();
      });
      toggleDrawer(false);
      return;
    }
    if (typing || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    var search = doc.querySelector("[data-hy-search]");
    var register = doc.querySelector("[data-hy-key=n]");
    if (event.key === "/" && search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "n" && register) {
      register.click();
    }
  });

  /* ---- a form is sent once: the second click of an impatient hand does nothing ---- */
  doc.addEventListener("submit", function (event) {
    if (event.defaultPrevented || event.target.method === "get" || event.target.hasAttribute("data-hy-again")) {
      return;
    }
    setTimeout(function () {
      all("[type=submit], button:not([type])", event.target).forEach(function (button) {
        button.disabled = true;
      });
    }, 0);
  });

  /* ---- a filter without a value stays out of the address ---- */
  doc.addEventListener("submit", function (event) {
    if (!event.target.hasAttribute("data-hy-tidy")) {
      return;
    }
    all("input, select", event.target).forEach(function (field) {
      if (field.name && field.value === "") {
        field.disabled = true;
      }
    });
  });

  window.addEventListener("pageshow", function () {
    all("form[data-hy-tidy] :disabled").forEach(function (field) {
      field.disabled = false;
    });
    all("form [type=submit][disabled]").forEach(function (button) {
      button.disabled = false;
    });
  });

  /* ---- common phrases fill the opinion above them ---- */
  doc.addEventListener("click", function (event) {
    var phrase = event.target.closest && event.target.closest("[data-hy-phrase]");
    if (phrase) {
      var field = doc.getElementById(phrase.getAttribute("data-hy-phrase"));
      field.value = phrase.textContent.trim();
      field.focus();
    }
    if (event.target.closest && event.target.closest("[data-hy-print]")) {
      window.print();
    }
  });

  /* ---- selection: tick all, and the bar that appears with the first tick ---- */
  function countSelected(form) {
    var boxes = all("[data-hy-row]", form);
    var picked = boxes.filter(function (box) {
      return box.checked;
    }).length;
    all("[data-hy-picked]", form).forEach(function (place) {
      place.textContent = picked;
    });
    all("[data-hy-bulk]", form).forEach(function (bar) {
      bar.hidden = picked === 0;
    });
    all("[data-hy-rows]", form).forEach(function (box) {
      box.checked = picked > 0 && picked === boxes.length;
      box.indeterminate = picked > 0 && picked < boxes.length;
    });
  }

  function prepareSelection(root) {
    all("form[data-hy-select]", root).forEach(function (form) {
      form.addEventListener("change", function (event) {
        if (event.target.hasAttribute("data-hy-rows")) {
          all("[data-hy-row]", form).forEach(function (box) {
            box.checked = event.target.checked;
          });
        }
        countSelected(form);
      });
      form.addEventListener("reset", function () {
        setTimeout(countSelected, 0, form);
      });
      countSelected(form);
    });
  }

  /* ---- pick list: find by name, short name or pinyin initials ---- */
  function preparePickLists(root) {
    all("[data-hy-find]", root).forEach(function (finder) {
      var box = finder.closest(".hy-pick");
      finder.parentNode.hidden = false;
      finder.addEventListener("input", function () {
        var wanted = finder.value.trim().toLowerCase();
        all("li", box).forEach(function (line) {
          var words = (line.textContent + " " + (line.getAttribute("data-hy-words") || "")).toLowerCase();
          var chosen = line.querySelector("input").checked;
          line.hidden = wanted !== "" && !chosen && words.indexOf(wanted) < 0;
        });
      });
      finder.addEventListener("keydown", function (event) {
        if (event.key === "Enter") {
          event.preventDefault();
        }
      });
    });
  }

  /* ---- dates stay text (2026-11-23); the button opens the browser's calendar and writes the text ---- */
  function prepareDates(root) {
    all("[data-hy-date]", root).forEach(function (field) {
      var native = doc.createElement("input");
      native.type = "date";
      if (!native.showPicker) {
        return;
      }
      native.className = "hy-date-native";
      native.tabIndex = -1;
      native.setAttribute("aria-hidden", "true");
      var button = field.parentNode.querySelector("button");
      button.hidden = false;
      field.parentNode.appendChild(native);
      button.addEventListener("click", function () {
        native.value = /^\d{4}-\d{2}-\d{2}$/.test(field.value) ? field.value : "";
        native.showPicker();
      });
      native.addEventListener("change", function () {
        field.value = native.value;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        field.dispatchEvent(new Event("change", { bubbles: true }));
        field.focus();
      });
    });
  }

  /* ---- the tracker shows the present step even where it has to scroll ---- */
  function showPresentStep(root) {
    all(".hy-steps", root).forEach(function (list) {
      var present = list.querySelector("[aria-current]");
      if (present && list.scrollWidth > list.clientWidth) {
        list.scrollLeft = present.offsetLeft - list.clientWidth / 2 + present.offsetWidth / 2;
      }
    });
  }

  /* ---- what is ours inside FAB's pages: Chinese for its two jQuery widgets ---- */
  function prepareFabWidgets() {
    var $ = window.jQuery;
    all('option[value="__None"]').forEach(function (option) {
      option.textContent = "—";
    });
    if (!$ || doc.documentElement.lang !== "zh-CN") {
      return;
    }
    if ($.fn.datepicker) {
      var months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].map(function (month) {
        return month + "月";
      });
      $.fn.datepicker.dates["zh-CN"] = {
        days: ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"],
        daysShort: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
        daysMin: ["日", "一", "二", "三", "四", "五", "六"],
        months: months,
        monthsShort: months,
        today: "今天",
        clear: "清除",
        format: "yyyy-mm-dd",
        titleFormat: "yyyy年mm月",
        weekStart: 1
      };
      $.extend($.fn.datepicker.defaults, {
        language: "zh-CN",
        format: "yyyy-mm-dd",
        autoclose: true,
        todayHighlight: true
      });
    }
    if ($.fn.select2) {
      $.fn.select2.defaults.set("width", "100%");
      $.fn.select2.defaults.set("placeholder", "请选择");
      $.fn.select2.defaults.set("language", {
        noResults: function () {
          return "没有匹配项";
        },
        searching: function () {
          return "正在查找…";
        },
        loadingMore: function () {
          return "加载更多…";
        },
        inputTooShort: function (args) {
          return "请再输入 " + (args.minimum - args.input.length) + " 个字";
        },
        errorLoading: function () {
          return "加载失败，请重试";
        },
        removeAllItems: function () {
          return "清除";
        }
      });
    }
  }

  /* ---- long forms: one card open at a time, the article's words beside its name, a word before unsaved text is lost ---- */
  doc.addEventListener(
    "toggle",
    function (event) {
      var card = event.target;
      if (!card.open || !card.matches || !card.matches("[data-hy-one] > details")) {
        return;
      }
      all("details[open]", card.parentNode).forEach(function (other) {
        if (other !== card && other.parentNode === card.parentNode) {
          other.removeAttribute("open");
        }
      });
      var top = card.getBoundingClientRect().top;
      if (top < 70 || top > window.innerHeight - 200) {
        card.scrollIntoView({ block: "start" });
      }
    },
    true
  );

  function articleWords(name) {
    var texts = all("[data-hy-article-of]").filter(function (line) {
      var article = line.getAttribute("data-hy-article-of");
      return article === name || (/条$/.test(name) && article.indexOf(name) === 0);
    });
    return texts
      .map(function (line) {
        return line.textContent;
      })
      .join("\n");
  }

  doc.addEventListener("change", function (event) {
    var field = event.target;
    if (!field.closest) {
      return;
    }
    if (field.matches("[data-hy-article]")) {
      var cited = field.closest(".hy-field");
      cited.querySelector("[data-hy-article-text]").textContent = all("[data-hy-article]", cited)
        .map(function (choice) {
          return articleWords(choice.value);
        })
        .join("\n");
    }
    var form = field.closest("form[data-hy-keep]");
    if (form) {
      form.setAttribute("data-hy-dirty", "");
      all("[data-hy-unsaved]", form).forEach(function (hint) {
        hint.hidden = false;
      });
    }
  });

  /* a step of the picture or a fault leads to its field without leaving the page, where the field is on it */
  doc.addEventListener("click", function (event) {
    var link = event.target.closest && event.target.closest("#hy-editor a[href*='#f-']");
    var place = link && doc.getElementById(link.getAttribute("href").split("#")[1]);
    if (!place) {
      return;
    }
    event.preventDefault();
    for (var around = place; around; around = around.parentElement) {
      if (around.tagName === "DETAILS") {
        around.open = true;
      }
    }
    place.scrollIntoView({ block: place.tagName === "DETAILS" ? "start" : "center" });
    var field = place.matches("input, select, textarea") ? place : place.querySelector("input:not([type=hidden]), select, textarea");
    if (field) {
      field.focus({ preventScroll: true });
    }
  });

  doc.addEventListener("submit", function (event) {
    if (event.target.hasAttribute("data-hy-keep")) {
      event.target.removeAttribute("data-hy-dirty");
    }
  });

  window.addEventListener("beforeunload", function (event) {
    if (doc.querySelector("form[data-hy-keep][data-hy-dirty]")) {
      event.preventDefault();
      event.returnValue = "";
    }
  });

  function showFreshRow(root) {
    var row = root.querySelector && root.querySelector("[data-hy-fresh]");
    if (!row) {
      return;
    }
    row.scrollIntoView({ block: "center" });
    var first = row.querySelector("textarea, input:not([type=hidden]), select");
    if (first) {
      first.focus({ preventScroll: true });
    }
  }

  function prepare(root) {
    showFreshRow(root);
    prepareSelection(root);
    preparePickLists(root);
    prepareDates(root);
    showPresentStep(root);
  }

  prepareFabWidgets();
  prepare(doc);
  doc.addEventListener("htmx:load", function (event) {
    if (event.detail.elt !== doc.body) {
      prepare(event.detail.elt);
    }
  });
})();
