"""Reports in, datasets out: schema, build, checks, panels, exports."""
