#pragma once
// Every page of a database file ends in a checksum of the page and its number: written with the
// page, compared whenever SQLite reads it from the file. What a failing disk or a cosmic ray made
// of a page is an error (SQLITE_IOERR_DATA), never a wrong answer. SQLite keeps the last eight
// octets of each page free for it ("reserved bytes"); other programs read such a file as ever, but
// what they write has no checksum. The write-ahead log has SQLite's own.
//
// A VFS before the process's default one; only connection.cpp opens through it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::storage {

inline constexpr std::size_t kPageSize = 4096;
inline constexpr std::size_t kPageCheckSize = 8;

/// The VFS's name; registers it at the first call. Any thread.
const char* page_check_vfs();

/// Asked with sqlite3_file_control(): sets an int to 1 if the file's pages have checksums.
inline constexpr int kAskPageChecks = 0x43524E31;

using PageCheck = std::array<char, kPageCheckSize>;
/// Of the page with this number (from 1), over all but its last octets.
PageCheck page_check(std::uint32_t number, std::string_view page);

/// Numbers of pages in the file whose checksum is wrong: free ones and such that the write-ahead
/// log has newer among them. Empty if the file has no checksums, or there is none.
std::vector<std::uint32_t> bad_pages(const std::string& path);

}  // namespace cairn::storage
