#pragma once
// A layer between SQLite and the file system that seals each page of a database with a checksum and
// does not hand out a page whose seal is broken: what a disk has spoilt is an error, never a wrong
// figure. The WAL has checksums of its own. Used by Connection; any thread.
//
// The seal is in the last eight octets of a page, which SQLite leaves alone (its reserved octets).
// SQLite never sees it: it reads zeros there. A page whose seal is zero was written by another
// program (a copy made with the sqlite3 shell) or never: it is taken as it is.

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace cairn::storage {

inline constexpr int kSealSize = 8;

/// The name to open databases with; it is known to SQLite when this returns.
const char* sealed_vfs();

/// What seals a page: of its number, from 1, and of all its octets but the last eight, which must
/// be a multiple of eight. Never zero.
std::uint64_t page_seal(std::uint64_t number, std::string_view octets);

}  // namespace cairn::storage
