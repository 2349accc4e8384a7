"""ONNX: a model file in, a session that runs it on the processor out; OSError where it is missing or damaged."""

from pathlib import Path
from typing import Any


def session(model: Path, threads: int) -> Any:
    """Raises ImportError without onnxruntime, OSError for a file that it cannot use."""
    import onnxruntime
    from onnxruntime.capi import onnxruntime_pybind11_state as failures

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # threads that spin while idle would hold back the other models
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    # its kinds have no other base than Exception
    except (
        *(RuntimeError, failures.NoSuchFile, failures.Fail),
        *(failures.InvalidArgument, failures.InvalidGraph, failures.InvalidProtobuf),
    ) as error:
        raise OSError(" ".join(str(error).split())) from None
