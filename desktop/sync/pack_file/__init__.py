"""A pack in one file: a zip that another machine reads in without a network.

manifest.json     what is in it, from when, and of every other member its size and its SHA-256
articles/N.jsonl  the articles of one source, one a line (`lines`)
rates.jsonl       the numbers behind the pairs of its watchlists, one a line
pictures/SHA-256  the pictures to the byte, named by their content
"""
