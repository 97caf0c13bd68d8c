"""Word's documents and templates (.docx, .dotx, .docm): as `mammoth` renders them.

What is deleted in a tracked change is left out, what is inserted is there. Pages are the printer's,
and not in the file, so that there are no places.
"""

import io

import mammoth

from index.readers import packed
from index.readers.extract import Composer, Extract
from index.readers.markup import tree_of, write_tree

_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
p[style-name='TOC Heading'] => !
p[style-name='toc 1'] => !
p[style-name='toc 2'] => !
p[style-name='toc 3'] => !
p[style-name='header'] => !
p[style-name='footer'] => !
"""


def read_word(content: bytes) -> Extract:
    """The text of a document. Raises UnreadableError."""
    with packed.opened(content) as archive:
        packed.refuse_entities(archive)
        stated = packed.core_properties(archive)
    rendered = mammoth.convert_to_html(
        io.BytesIO(content),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(lambda _: {}),
        external_file_access=False,
    )
    page = Composer()
    tree = tree_of(rendered.value)
    if tree is not None:
        write_tree(tree, page)
    return page.extract(stated)
