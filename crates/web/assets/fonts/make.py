"""Makes the web fonts of this folder. An offline step: run it only when the typeface is updated.

    npm pack @fontsource/be-vietnam-pro && tar xf fontsource-be-vietnam-pro-*.tgz
    pip install fonttools brotli
    python3 make.py package/files

Text faces: latin and vietnamese subsets of weights 400-700, hinting dropped (it doubles the size and no
current system uses it at these sizes).

Figures faces: the ten digits of each weight, all set on one width. The typeface as published has
proportional digits only ("1" is 385 units wide, "4" is 710), so columns of numbers would not line up.
The licence (OFL 1.1, no reserved name) allows this; the family gets its own name all the same.
"""

import sys
from fontTools import subset
from fontTools.ttLib import TTFont

DIGIT_WIDTH = 664
DIGITS = "0123456789"


def options():
    o = subset.Options()
    o.flavor = "woff2"
    o.hinting = False
    o.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]
    o.name_IDs = [0, 1, 2, 13, 14]
    return o


def save(font, path):
    font.flavor = "woff2"
    font.save(path)


def text_face(source, part, weight):
    font = TTFont(f"{source}/be-vietnam-pro-{part}-{weight}-normal.woff2")
    s = subset.Subsetter(options())
    s.populate(unicodes=list(font.getBestCmap()))
    s.subset(font)
    save(font, f"be-vietnam-pro-{part}-{weight}.woff2")


def figures_face(source, weight):
    font = TTFont(f"{source}/be-vietnam-pro-latin-{weight}-normal.woff2")
    o = options()
    o.layout_features = []
    s = subset.Subsetter(o)
    s.populate(text=DIGITS)
    s.subset(font)
    cmap, glyphs, metrics = font.getBestCmap(), font["glyf"], font["hmtx"]
    for digit in DIGITS:
        name = cmap[ord(digit)]
        glyph = glyphs[name]
        ink = glyph.xMax - glyph.xMin
        shift = round((DIGIT_WIDTH - ink) / 2) - glyph.xMin
        glyph.coordinates.translate((shift, 0))
        glyph.recalcBounds(glyphs)
        metrics[name] = (DIGIT_WIDTH, glyph.xMin)
    for record in font["name"].names:
        if record.nameID == 1:
            record.string = "Be Vietnam Figures"
    save(font, f"be-vietnam-figures-{weight}.woff2")


if __name__ == "__main__":
    source = sys.argv[1]
    for weight in (400, 500, 600, 700):
        for part in ("latin", "vietnamese"):
            text_face(source, part, weight)
        figures_face(source, weight)
