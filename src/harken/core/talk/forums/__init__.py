"""Exports of forums and platforms of participation: Discourse, Decidim, Polis."""


class ForumError(Exception):
    """A file that is no such export; the sentence says what it is instead, or what to do."""
