"""Additions: the relevance model as a network that can be taught, and what it learns as a file.

What is learnt are low-rank additions to the weight matrices (LoRA, Hu and others 2021); all else stays as it is.
"""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from rag.adapter import MATRICES, base_weights
from rag.relevance import MAX_TOKENS, model_folder

RANK = 8
SCALE = 2.0  # of the additions: the alpha of LoRA over its rank


class LowRank(torch.nn.Module):  # type: ignore[misc]
    """A linear layer with a trained low-rank addition to its frozen weights."""

    def __init__(self, frozen: torch.nn.Linear) -> None:
        super().__init__()
        self.frozen = frozen
        self.down = torch.nn.Parameter(torch.randn(RANK, frozen.in_features) / math.sqrt(frozen.in_features))
        self.up = torch.nn.Parameter(torch.zeros(frozen.out_features, RANK))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """Shape (…, inputs) to (…, outputs)."""
        added = torch.nn.functional.linear(torch.nn.functional.linear(inputs, self.down), self.up)
        return self.frozen(inputs) + SCALE * added


def network() -> torch.nn.Module:
    """The relevance model in float32, its weights as the file's int8 ones stand for, with additions of zero."""
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig(
        hidden_size=384, num_hidden_layers=12, num_attention_heads=12, intermediate_size=1536, num_labels=1
    )  # type: ignore[call-arg]
    model = BertForSequenceClassification(config)
    weights = {name: torch.from_numpy(array) for name, array in base_weights(model_folder() / "model.onnx").items()}
    missing, unknown = model.load_state_dict(weights, strict=False)
    assert not unknown and set(missing) <= {"bert.embeddings.position_ids"}, (missing, unknown)
    for parameter in model.parameters():
        parameter.requires_grad = False
    for name in MATRICES:
        owner, _, last = name.rpartition(".")
        setattr(model.get_submodule(owner), last, LowRank(model.get_submodule(name)))
    model.train(mode=False)
    return model


def padding_tokenizer() -> Any:
    """The model's tokenizer, which pads the texts of a batch to one length."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str((model_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()
    return tokenizer


def read(model: torch.nn.Module, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> torch.Tensor:
    """The logit of each pair of texts, shape (pairs,)."""
    encoded = tokenizer.encode_batch(list(pairs))
    inputs = {
        "input_ids": torch.tensor([each.ids for each in encoded]),
        "attention_mask": torch.tensor([each.attention_mask for each in encoded]),
        "token_type_ids": torch.tensor([each.type_ids for each in encoded]),
    }
    with torch.autocast("cpu", torch.bfloat16):
        scores = model(**inputs).logits
    return scores.float().squeeze(-1)


def save(model: torch.nn.Module, file: Path) -> None:
    """Writes the additions in half precision: of each matrix `NAME.up` (outputs, rank), `NAME.down` (rank, inputs)."""
    arrays: dict[str, Any] = {}
    for name in MATRICES:
        layer = model.get_submodule(name)
        arrays[f"{name}.up"] = (SCALE * layer.up.detach()).numpy().astype(np.float16)
        arrays[f"{name}.down"] = layer.down.detach().numpy().astype(np.float16)
    partial = file.with_suffix(".partial.npz")
    np.savez_compressed(partial, **arrays)
    partial.replace(file)


def begin_from(file: Path, model: torch.nn.Module) -> None:
    """Lets the additions begin as those of a file."""
    with np.load(file) as stored:
        for name in MATRICES:
            layer = model.get_submodule(name)
            layer.up.data = torch.tensor(stored[f"{name}.up"].astype(np.float32) / SCALE)
            layer.down.data = torch.tensor(stored[f"{name}.down"].astype(np.float32))
