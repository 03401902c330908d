"""The named errors of this package. Each message says what is wrong, where, and what to do."""


class DataError(Exception):
    """Base of the errors below; its text is one line for the user."""


class InputError(DataError):
    """An input of a build cannot be read or holds nothing to read."""


class OutputError(DataError):
    """The output of a build or export cannot be written."""


class DatasetError(DataError):
    """A folder is no dataset, or a damaged or half-written one."""
