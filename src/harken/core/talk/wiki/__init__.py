"""Talk pages of wikis that run MediaWiki, in every form they come in.

from harken.core.talk.wiki import read_talk_html, read_wiki_data
page = read_talk_html(html, read_wiki_data(data, config))
"""

from harken.core.talk.wiki.api import MESSAGES_TO_ASK, REVISIONS_TO_ASK, SITEINFO_TO_ASK, read_api_page, read_api_pages
from harken.core.talk.wiki.dump import WikiPage, read_dump
from harken.core.talk.wiki.forms import Form, guess_form, read_talk
from harken.core.talk.wiki.history import Revision, read_revisions
from harken.core.talk.wiki.html import read_talk_html
from harken.core.talk.wiki.site import Wiki, assume_wiki, guess_wiki, read_wiki_data, wiki_data_from_siteinfo
from harken.core.talk.wiki.wikitext import read_talk_wikitext

__all__ = [
    "MESSAGES_TO_ASK",
    "REVISIONS_TO_ASK",
    "SITEINFO_TO_ASK",
    "Form",
    "Revision",
    "Wiki",
    "WikiPage",
    "assume_wiki",
    "guess_form",
    "guess_wiki",
    "read_api_page",
    "read_api_pages",
    "read_dump",
    "read_revisions",
    "read_talk",
    "read_talk_html",
    "read_talk_wikitext",
    "read_wiki_data",
    "wiki_data_from_siteinfo",
]
