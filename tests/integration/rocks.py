"""A RocksDB of ours, opened past our own programs: as a fault reaches it that no checksum sees."""

import contextlib
import ctypes
import ctypes.util


def _library():
    name = ctypes.util.find_library("rocksdb")
    if name is None:
        raise AssertionError("librocksdb is not to be found; scripts/setup installs it")
    library = ctypes.CDLL(name)
    for function in ("rocksdb_open", "rocksdb_options_create", "rocksdb_readoptions_create",
                     "rocksdb_writeoptions_create", "rocksdb_create_iterator"):
        getattr(library, function).restype = ctypes.c_void_p
    for function in ("rocksdb_iter_key", "rocksdb_iter_value"):
        getattr(library, function).restype = ctypes.POINTER(ctypes.c_char)
    library.rocksdb_iter_valid.restype = ctypes.c_ubyte
    return library


class Rocks:
    """By the C interface (rocksdb/c.h)."""

    def __init__(self, path):
        self._library = _library()
        self._store = self._call("rocksdb_open",
                                 ctypes.c_void_p(self._library.rocksdb_options_create()),
                                 str(path).encode())
        self._write = ctypes.c_void_p(self._library.rocksdb_writeoptions_create())

    def _call(self, function, *arguments):
        fault = ctypes.c_char_p()
        given = getattr(self._library, function)(*arguments, ctypes.byref(fault))
        if fault.value is not None:
            raise AssertionError(f"{function}: {fault.value.decode()}")
        return ctypes.c_void_p(given)

    def rows(self):
        library = self._library
        at = ctypes.c_void_p(library.rocksdb_create_iterator(
            self._store, ctypes.c_void_p(library.rocksdb_readoptions_create())))
        library.rocksdb_iter_seek_to_first(at)
        rows = {}
        while library.rocksdb_iter_valid(at):
            row = []
            for function in (library.rocksdb_iter_key, library.rocksdb_iter_value):
                size = ctypes.c_size_t()
                start = function(at, ctypes.byref(size))
                row.append(ctypes.string_at(start, size.value))
            rows[row[0]] = row[1]
            library.rocksdb_iter_next(at)
        library.rocksdb_iter_destroy(at)
        return rows

    def put(self, key, value):
        self._call("rocksdb_put", self._store, self._write, key, ctypes.c_size_t(len(key)), value,
                   ctypes.c_size_t(len(value)))

    def delete(self, key):
        self._call("rocksdb_delete", self._store, self._write, key, ctypes.c_size_t(len(key)))

    def close(self):
        self._library.rocksdb_close(self._store)


@contextlib.contextmanager
def opened(path):
    rocks = Rocks(path)
    try:
        yield rocks
    finally:
        rocks.close()
