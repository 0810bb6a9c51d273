"""Words of the fields. The office: its regulation, its bodies, its roles, its units."""

from __future__ import annotations

from collections.abc import Mapping

from app.jurisdictions.rules.marking import N_
from app.jurisdictions.rules.profile.base import Section
from app.jurisdictions.rules.profile.office import (
    ArticleText,
    Bodies,
    Groups,
    LowerBodies,
    Regulation,
    Role,
    Routing,
    UnitsSection,
)
from app.jurisdictions.rules.profile.wording.words import FieldWords

OFFICE: Mapping[type[Section], Mapping[str, FieldWords]] = {
    Regulation: {
        "title": FieldWords(N_("Title of the regulation"), N_("The regulation's full title, as it is printed.")),
        "document_no": FieldWords(N_("Document number"), N_("The number of the document by which it was issued.")),
        "level": FieldWords(N_("Level of government"), N_("At which level of government the office stands.")),
        "status": FieldWords(N_("Status"), N_("Whether the text holds or is only being consulted on.")),
        "issued_on": FieldWords(N_("Issued on"), N_("The day on which it was issued.")),
        "effective_on": FieldWords(N_("In force since"), N_("The day from which it holds.")),
        "basis": FieldWords(N_("What it rests on"), N_("The higher rules it names, one on each line.")),
        "interpreting_body": FieldWords(N_("Interpreted by"), N_("The body that interprets it.")),
        "note": FieldWords(N_("Remark"), N_("What a reader of these settings should know.")),
        "articles": FieldWords(
            N_("Articles"),
            N_("The regulation's own text: every rule below points to one of these and shows it as its reason."),
        ),
    },
    ArticleText: {
        "article": FieldWords(N_("Article or item"), N_("How the article or item is cited, such as 第九条（二）.")),
        "text": FieldWords(N_("Its words"), N_("The words of the article.")),
    },
    Bodies: {
        "competent": FieldWords(N_("Competent body"), N_("The government or body in whose name supervision is done.")),
        "operating": FieldWords(N_("Operating body"), N_("The office that does the work.")),
        "superior_roles": FieldWords(
            N_("Who stands above"), N_("Roles whose instructions bind the office from above.")
        ),
        "article": FieldWords(N_("Article")),
    },
    LowerBodies: {
        "relation": FieldWords(
            N_("What the next level down is"),
            N_("Whether it handles what is assigned to it, or is guided in supervision work of its own."),
        ),
        "article": FieldWords(N_("Article")),
    },
    Role: {
        "key": FieldWords(N_("Key")),
        "name": FieldWords(N_("Name"), N_("What the role is called here, as in the regulation.")),
        "article": FieldWords(N_("Article")),
        "rights": FieldWords(N_("Rights"), N_("What the role may do; changed on the page of roles and rights.")),
    },
    Routing: {
        "strategy": FieldWords(
            N_("How matters are shared out"), N_("By functional line, or by the leader the matter belongs to.")
        ),
        "overridable": FieldWords(
            N_("May be chosen otherwise"), N_("Whoever proposes a matter may name another group.")
        ),
        "principal_roles": FieldWords(
            N_("Principal leaders"), N_("What these leaders instruct is carried by the operating body itself.")
        ),
        "article": FieldWords(N_("Article")),
    },
    Groups: {
        "enabled": FieldWords(N_("Standing groups"), N_("The office has standing supervision groups.")),
        "portfolio_roles": FieldWords(
            N_("Leaders with a group"),
            N_("Each of these leaders has a group that carries the matters of the portfolio."),
        ),
        "article": FieldWords(N_("Article")),
    },
    UnitsSection: {
        "lead_co_enabled": FieldWords(
            N_("Lead and co-handling units"), N_("A matter has one lead unit and may have others that help.")
        ),
        "responsible_division_enabled": FieldWords(
            N_("A responsible division is named"), N_("A unit names the division that does the work.")
        ),
        "first_listed_leads": FieldWords(
            N_("The first one named leads"), N_("Where a ledger names several units, the first is the lead.")
        ),
        "contribution_lead_days": FieldWords(
            N_("Co-handling opinion before the lead's date"),
            N_("So many working days before the lead's own date the others owe their part."),
        ),
        "kinds": FieldWords(N_("Kinds of units"), N_("The kinds of units there are here.")),
        "roles": FieldWords(
            N_("Who does the work in a unit"), N_("Persons a unit names for supervision work, one on each line.")
        ),
        "article": FieldWords(N_("Article")),
    },
}
