"""Opening a csv, csv.gz or parquet file as a table, with every way in which that fails put into one sentence."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from engine.core.errors import SourceError
from engine.sources.files.batch import TEXTS, USED, canonical


def column_names(path: Path) -> tuple[str, ...]:
    """Names of the columns as they stand in the file; no row is read."""
    with translated(path):
        if _is_parquet(path):
            return tuple(pq.read_schema(path).names)
        return tuple(str(name) for name in pd.read_csv(path, nrows=0, encoding="utf-8-sig").columns)


def load(path: Path) -> pd.DataFrame:
    """The columns that nbabot knows, under their canonical names; texts as they stand, numbers as pandas reads them."""
    names = [name for name in column_names(path) if canonical(name) in USED]
    if len({canonical(name) for name in names}) < len(names):
        raise SourceError(f"{path} has the same column twice: remove one of the two.")
    with translated(path):
        return _columns(path, names).rename(columns=canonical)


def is_simulated(path: Path, names: Sequence[str]) -> bool:
    """Whether the column SIMULATED says so; a file in which only some rows say so is refused."""
    flags = [name for name in names if canonical(name) == "SIMULATED"]
    if not flags:
        return False
    with translated(path):
        values = set(pd.to_numeric(_columns(path, flags)[flags[0]], errors="coerce").fillna(0).tolist())
    if len(values) > 1:
        raise SourceError(f"{path} mixes simulated and real rows: split it into two files.")
    return values == {1}


def _columns(path: Path, names: list[str]) -> pd.DataFrame:
    texts = [name for name in names if canonical(name) in TEXTS]
    if _is_parquet(path):
        frame: pd.DataFrame = pq.read_table(path, columns=names).to_pandas(ignore_metadata=True)
        for name in texts:
            frame[name] = frame[name].map(str, na_action="ignore")
        return frame
    types = dict.fromkeys(texts, str)
    return pd.read_csv(path, usecols=names, dtype=types, encoding="utf-8-sig", low_memory=False, index_col=False)


def _is_parquet(path: Path) -> bool:
    return path.name.lower().endswith(".parquet")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what pandas, pyarrow, gzip and the file system raise into one SourceError."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(_damaged(path)) from error
    except UnicodeError as error:
        raise SourceError(f"{path} is not UTF-8 text: save it as UTF-8, then import it again.") from error
    except pd.errors.EmptyDataError as error:
        raise SourceError(f"{path} is empty: download it again.") from error
    except (pd.errors.ParserError, pa.ArrowException, ValueError) as error:
        reason = " ".join(str(error).split())[:120].rstrip(".")
        raise SourceError(f"{path} is not a sound table ({reason}): download it again.") from error
    except OSError as error:
        if error.errno is None:  # pyarrow's word for bytes that it cannot decode
            raise SourceError(_damaged(path)) from error
        raise SourceError(f"{path} cannot be read ({error.strerror}): check its access rights.") from error


def _damaged(path: Path) -> str:
    return f"{path} is damaged or cut off: download it again; nothing of it was imported."
