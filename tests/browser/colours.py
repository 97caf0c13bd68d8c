"""How colours differ for those who see them."""


def contrast(*colours: str) -> float:
    """That of two colours as a browser tells them, "rgb(11, 90, 115)", as WCAG 2.2 counts it."""
    lights = []
    for colour in colours:
        inner = colour.partition("(")[2].rstrip(")")
        parts = [int(part) / 255 for part in inner.split(",")[:3]]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        lights.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])
    return (max(lights) + 0.05) / (min(lights) + 0.05)
