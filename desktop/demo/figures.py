"""The pictures of an article: where they are under wp-content/uploads, and how WordPress writes them."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from desktop.demo.posts import Post

FULL = (960, 540)
SIZES = {"thumbnail": (150, 150), "medium": (300, 169), "medium_large": (768, 432), "full": FULL}
UPLOADS = "/wp-content/uploads/"


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture. `url` is that of the full size."""

    media_id: int
    url: str
    caption: str
    made: datetime

    def sized(self, name: str) -> str:
        """The address of one of its sizes."""
        width, height = SIZES[name]
        return self.url if name == "full" else self.url.replace(".png", f"-{width}x{height}.png")

    def image(self, size: str = "full", css: str = "") -> str:
        """The img element, with the marks that WordPress gives it."""
        width, height = SIZES[size]
        srcset = ", ".join(f"{self.sized(n)} {SIZES[n][0]}w" for n in ("full", "medium", "medium_large"))
        return (
            f'<img decoding="async" loading="lazy" width="{width}" height="{height}" '
            f'src="{self.sized(size)}" '
            f'alt="{html.escape(self.caption)}" class="{css or f"wp-image-{self.media_id}"}" '
            f'srcset="{srcset}" sizes="(max-width: {width}px) 100vw, {width}px" />'
        )

    def markup(self, style: str) -> str:
        """The figure as the classic editor, the block editor or an unprocessed shortcode has it."""
        caption = html.escape(self.caption, quote=False)
        number, linked = self.media_id, f'<a href="{self.url}">{self.image("medium_large")}</a>'
        if style == "raw":
            mark = f'[caption id="attachment_{number}" align="aligncenter" width="768"]'
            return f"{mark}{linked} {caption}[/caption]"
        if style == "block":
            return (
                f'<figure class="wp-block-image size-large">{self.image("medium_large")}'
                f'<figcaption class="wp-element-caption">{caption}</figcaption></figure>'
            )
        return (
            f'<figure id="attachment_{number}" aria-describedby="caption-attachment-{number}" '
            f'style="width: 768px" '
            f'class="wp-caption aligncenter">{linked}<figcaption id="caption-attachment-{number}" '
            f'class="wp-caption-text">{caption}</figcaption></figure>'
        )


def figures_of(post: Post, root: str, count: int, caption: Callable[[], str]) -> list[Figure]:
    """The featured picture, one for the text, and more for a gallery."""
    folder = f"{root}{UPLOADS}{post.published:%Y/%m}"
    return [
        Figure(
            media_id=post.id * 10 + number + 10_000,
            url=f"{folder}/{post.plan.theme.scene}-{post.id}-{number + 1}.png",
            caption=caption(),
            made=post.published,
        )
        for number in range(count)
    ]


def parse_path(path: str) -> tuple[str, int, int, tuple[int, int]] | None:
    """Scene, article, picture and size out of a picture's path; None when it is no picture of this site."""
    name = path.removeprefix(UPLOADS).rpartition("/")[2].removesuffix(".png")
    parts = name.split("-")
    if not path.startswith(UPLOADS) or not path.endswith(".png") or len(parts) not in (3, 4):
        return None
    sizes = {f"{width}x{height}": (width, height) for width, height in SIZES.values()}
    size = sizes.get(parts[3]) if len(parts) == 4 else FULL
    if size is None or not (parts[1].isdigit() and parts[2].isdigit()):
        return None
    return parts[0], int(parts[1]), int(parts[2]), size
