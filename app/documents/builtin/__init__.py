"""The layouts the product brings: GB/T 9704-2012 pages as .docx templates, made by ``make_templates``."""
