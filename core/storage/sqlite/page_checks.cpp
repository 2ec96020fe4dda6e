#include "core/storage/sqlite/page_checks.h"

#include "core/base/assert.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fstream>

namespace cairn::storage {
namespace {

constexpr std::size_t kReservedAt = 20;  // SQLite file format 1.3: octet with the reserved size

bool is_sealed(std::uint32_t number, std::string_view page) {
  const PageCheck check = page_check(number, page);
  return std::equal(check.begin(), check.end(), page.end() - kPageCheckSize);
}

bool says_checked(std::string_view first_page) {
  return first_page[kReservedAt] == static_cast<char>(kPageCheckSize);
}

/// Whether a file with this first page has checksums. One that only seems to have none, because
/// that very octet was harmed, has.
bool has_checks(std::string_view first_page) {
  if (says_checked(first_page)) return true;
  std::string whole(first_page);
  whole[kReservedAt] = static_cast<char>(kPageCheckSize);
  return is_sealed(1, whole);
}

// ---- an open file: the real one behind ours ----

struct CheckedFile {
  sqlite3_file base;
  sqlite3_file* real;
  bool pages;    ///< a database's own file
  bool checked;  ///< its pages have checksums
};

CheckedFile& ours(sqlite3_file* file) { return *reinterpret_cast<CheckedFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return ours(file).real; }

bool is_page(const CheckedFile& file, int size, sqlite3_int64 at) {
  return file.pages && size == static_cast<int>(kPageSize) &&
         at % static_cast<sqlite3_int64>(kPageSize) == 0;
}
std::uint32_t number_of(sqlite3_int64 at) {
  return static_cast<std::uint32_t>(at / static_cast<sqlite3_int64>(kPageSize)) + 1;
}

int close_file(sqlite3_file* file) {
  const int code = real(file)->pMethods->xClose(real(file));
  sqlite3_free(real(file));
  return code;
}

int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  const int code = real(file)->pMethods->xRead(real(file), to, size, at);
  const CheckedFile& our = ours(file);
  if (code != SQLITE_OK || !our.checked || !is_page(our, size, at)) return code;
  const std::string_view page(static_cast<const char*>(to), kPageSize);
  return is_sealed(number_of(at), page) ? SQLITE_OK : SQLITE_IOERR_DATA;
}

int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  CheckedFile& our = ours(file);
  if (!is_page(our, size, at)) return real(file)->pMethods->xWrite(real(file), from, size, at);
  const std::string_view page(static_cast<const char*>(from), kPageSize);
  if (at == 0) our.checked = says_checked(page);
  if (!our.checked) return real(file)->pMethods->xWrite(real(file), from, size, at);
  std::array<char, kPageSize> sealed{};
  const PageCheck check = page_check(number_of(at), page);
  std::copy(check.begin(), check.end(),
            std::copy(page.begin(), page.end() - kPageCheckSize, sealed.begin()));
  return real(file)->pMethods->xWrite(real(file), sealed.data(), size, at);
}

int control_file(sqlite3_file* file, int op, void* argument) {
  if (op == kAskPageChecks) {
    *static_cast<int*>(argument) = ours(file).checked ? 1 : 0;
    return SQLITE_OK;
  }
  return real(file)->pMethods->xFileControl(real(file), op, argument);
}

// All else is the real file's business.
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  return real(file)->pMethods->xTruncate(real(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
  return real(file)->pMethods->xSync(real(file), flags);
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int unlock_file(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int check_reserved(sqlite3_file* file, int* reserved) {
  return real(file)->pMethods->xCheckReservedLock(real(file), reserved);
}
int sector_size(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int map_shm(sqlite3_file* file, int page, int size, int extend, volatile void** memory) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, memory);
}
int lock_shm(sqlite3_file* file, int offset, int n, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, n, flags);
}
void barrier_shm(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int unmap_shm(sqlite3_file* file, int remove) {
  return real(file)->pMethods->xShmUnmap(real(file), remove);
}

/// Version 2: with shared memory, without memory-mapped pages, which would pass us by.
constexpr sqlite3_io_methods kCheckedMethods = {
    2,         close_file,  read_file,      write_file,   truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_reserved, control_file, sector_size,   characteristics, map_shm,
    lock_shm,  barrier_shm, unmap_shm,      nullptr,      nullptr};

// ---- the VFS: whichever is the default now does the work ----

sqlite3_vfs* below() { return sqlite3_vfs_find(nullptr); }

/// What the file is when it is opened. An empty one gets its checksums from the first page on.
bool starts_checked(sqlite3_file* real_file) {
  sqlite3_int64 size = 0;
  if (real_file->pMethods->xFileSize(real_file, &size) != SQLITE_OK) return false;
  if (size < static_cast<sqlite3_int64>(kPageSize)) return size == 0;
  std::array<char, kPageSize> page{};
  const int code = real_file->pMethods->xRead(real_file, page.data(), kPageSize, 0);
  return code == SQLITE_OK && has_checks({page.data(), page.size()});
}

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  CheckedFile& our = ours(file);
  our.base.pMethods = nullptr;
  our.real = static_cast<sqlite3_file*>(sqlite3_malloc(below()->szOsFile));
  if (our.real == nullptr) return SQLITE_NOMEM;
  std::memset(our.real, 0, static_cast<std::size_t>(below()->szOsFile));
  const int code = below()->xOpen(below(), path, our.real, flags, flags_out);
  if (code != SQLITE_OK) {
    if (our.real->pMethods != nullptr) our.real->pMethods->xClose(our.real);
    sqlite3_free(our.real);
    return code;
  }
  our.pages = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  our.checked = our.pages && starts_checked(our.real);
  our.base.pMethods = &kCheckedMethods;
  return SQLITE_OK;
}
int delete_file(sqlite3_vfs*, const char* path, int sync_folder) {
  return below()->xDelete(below(), path, sync_folder);
}
int access_file(sqlite3_vfs*, const char* path, int flags, int* answer) {
  return below()->xAccess(below(), path, flags, answer);
}
int full_path(sqlite3_vfs*, const char* path, int size, char* full) {
  return below()->xFullPathname(below(), path, size, full);
}

}  // namespace

const char* page_check_vfs() {
  static constexpr const char* kName = "cairn-pages";
  static const bool registered = [] {
    static sqlite3_vfs vfs = *below();
    vfs.pNext = nullptr;
    vfs.zName = kName;
    vfs.szOsFile = sizeof(CheckedFile);
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    vfs.xAccess = access_file;
    vfs.xFullPathname = full_path;
    return sqlite3_vfs_register(&vfs, 0) == SQLITE_OK;
  }();
  CAIRN_ASSERT(registered, "the VFS is registered");
  return kName;
}

/// The sums of SQLite's write-ahead log: any wrong bit changes them.
PageCheck page_check(std::uint32_t number, std::string_view page) {
  std::uint32_t first = number;
  std::uint32_t second = 0;
  for (std::size_t at = 0; at + kPageCheckSize < page.size(); at += 2 * sizeof(std::uint32_t)) {
    std::array<std::uint32_t, 2> words{};
    std::memcpy(words.data(), page.data() + at, sizeof(words));
    first += words[0] + second;
    second += words[1] + first;
  }
  PageCheck check{};
  std::memcpy(check.data(), &first, sizeof(first));
  std::memcpy(check.data() + sizeof(first), &second, sizeof(second));
  return check;
}

std::vector<std::uint32_t> bad_pages(const std::string& path) {
  std::vector<std::uint32_t> bad;
  std::ifstream in(path, std::ios::binary);
  std::string page(kPageSize, '\0');
  for (std::uint32_t number = 1; in.read(page.data(), kPageSize); ++number) {
    if (number == 1 && !has_checks(page)) return {};
    if (!is_sealed(number, page)) bad.push_back(number);
  }
  return bad;
}

}  // namespace cairn::storage
