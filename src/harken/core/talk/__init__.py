"""Foreign conversations to threads of posts: wiki talk pages, mail, forums, tables."""
