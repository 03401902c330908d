"""Bundled sample sites: invented organs behind the list pages of real publishing systems, served on loopback."""

from data.samples.content import SampleSite, load_sites
from data.samples.server import serve_samples

__all__ = ["SampleSite", "load_sites", "serve_samples"]
