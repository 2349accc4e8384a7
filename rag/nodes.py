"""Nodes: passages as llama-index sees them. In: a passage and its source; out: a TextNode."""

from llama_index.core.schema import NodeRelationship, RelatedNodeInfo, TextNode

from rag.types import Passage, Source


def as_node(passage: Passage, source: Source, *, embedding: list[float] | None = None) -> TextNode:
    """A passage as llama-index node: text, true offsets, and the metadata of its document."""
    metadata = {
        "source_id": source.id,
        "path": source.path,
        "title": source.metadata.title,
        "publisher": source.metadata.publisher,
        "date": source.metadata.date,
    }
    return TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        embedding=embedding,
        metadata=metadata,
        excluded_embed_metadata_keys=["source_id", "path"],
        excluded_llm_metadata_keys=["source_id", "path"],
        relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=source.id)},
    )
