"""Pages of the web -> files in a folder of documents, each with its address.

Comes in: addresses of pages, sitemaps and feeds. Goes out: files, as they were served. It never
asks an address that robots.txt forbids, nor one within a private network that may not be asked.
"""
