"""The errors a user can meet. A message says what failed, with the value, and what to do next.

OnRecordError
├── SettingsError    a setting has a value it cannot have
├── DocumentError    a file that cannot be read as a document
├── ManifestError    a manifest, or an entry of it, that is wrong
├── IndexingError    an index that is missing, foreign or busy, or a path that is not there
├── QuestionError    a question that cannot be asked
├── FilterError      a filter that names what no document has
├── DraftError       a draft that cannot be checked
└── ModelError       a model that is missing, damaged or failing
"""


class OnRecordError(Exception):
    """Base of all errors that the CLI, the page and the API show as one line."""


class SettingsError(OnRecordError):
    """A setting has a value it cannot have."""


class DocumentError(OnRecordError):
    """A file cannot be read as a document."""


class ManifestError(OnRecordError):
    """A manifest, or an entry of it, is wrong."""


class IndexingError(OnRecordError):
    """An index is missing, foreign or busy, or a path to be indexed is not there."""


class QuestionError(OnRecordError):
    """A question cannot be asked."""


class FilterError(OnRecordError):
    """A filter names a speaker, publisher or document that the index does not know."""


class DraftError(OnRecordError):
    """A draft cannot be checked."""


class ModelError(OnRecordError):
    """A model is missing, damaged or failing."""
