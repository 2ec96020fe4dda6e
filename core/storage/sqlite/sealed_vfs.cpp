#include "core/storage/sqlite/sealed_vfs.h"

#include "core/base/assert.h"

#include <sqlite3.h>

#include <array>
#include <cstring>
#include <new>
#include <vector>

namespace cairn::storage {
namespace {

constexpr int kHeaderSize = 100;
constexpr std::size_t kReservedAt = 20;  // of the header: how many octets of each page are reserved
constexpr int kPageLeast = 512;

/// One open database file. The file of the VFS below follows it in memory.
struct SealedFile {
  sqlite3_file base;
  enum class Sealed : std::uint8_t { kUnknown, kNo, kYes } sealed;  ///< unknown: it is empty

  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  static SealedFile& of(sqlite3_file* file) { return *reinterpret_cast<SealedFile*>(file); }

  void learn(const void* header) {
    const char reserved = static_cast<const char*>(header)[kReservedAt];
    sealed = reserved == kSealSize ? Sealed::kYes : Sealed::kNo;
  }
};

sqlite3_vfs* vfs_below() {
  static sqlite3_vfs* const below = sqlite3_vfs_find(nullptr);
  return below;
}

/// SQLite reads and writes whole pages, but for a few octets of the header.
bool is_page(int amount, sqlite3_int64 offset) {
  return amount >= kPageLeast && (amount & (amount - 1)) == 0 && offset % amount == 0;
}

int read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
  SealedFile& self = SealedFile::of(file);
  const int code = self.real()->pMethods->xRead(self.real(), to, amount, offset);
  if (code != SQLITE_OK) return code;
  if (self.sealed == SealedFile::Sealed::kUnknown) {
    std::array<char, kHeaderSize> header{};
    const int known = self.real()->pMethods->xRead(self.real(), header.data(), kHeaderSize, 0);
    if (known == SQLITE_OK) self.learn(header.data());
  }
  if (self.sealed != SealedFile::Sealed::kYes || !is_page(amount, offset)) return SQLITE_OK;
  char* const page = static_cast<char*>(to);
  char* const place = page + amount - kSealSize;
  std::uint64_t seal = 0;
  std::memcpy(&seal, place, kSealSize);
  if (seal == 0) return SQLITE_OK;
  const auto number = static_cast<std::uint64_t>(offset / amount) + 1;
  if (seal != page_seal(number, {page, static_cast<std::size_t>(amount - kSealSize)})) {
    sqlite3_log(SQLITE_IOERR_DATA, "page %lld is damaged", static_cast<long long>(number));
    return SQLITE_IOERR_DATA;
  }
  std::memset(place, 0, kSealSize);
  return SQLITE_OK;
}

int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
  SealedFile& self = SealedFile::of(file);
  const auto* const real = self.real()->pMethods;
  if (!is_page(amount, offset)) return real->xWrite(self.real(), from, amount, offset);
  if (offset == 0) self.learn(from);
  if (self.sealed != SealedFile::Sealed::kYes) {
    return real->xWrite(self.real(), from, amount, offset);
  }
  thread_local std::vector<char> page;
  page.assign(static_cast<const char*>(from), static_cast<const char*>(from) + amount);
  const auto number = static_cast<std::uint64_t>(offset / amount) + 1;
  const auto content = static_cast<std::size_t>(amount - kSealSize);
  const std::uint64_t seal = page_seal(number, {page.data(), content});
  std::memcpy(page.data() + content, &seal, kSealSize);
  return real->xWrite(self.real(), page.data(), amount, offset);
}

/// A method that the file below does.
template <auto Method, class... Arguments>
int pass_on(sqlite3_file* file, Arguments... arguments) {
  sqlite3_file* const real = SealedFile::of(file).real();
  return (real->pMethods->*Method)(real, arguments...);
}

void shm_barrier(sqlite3_file* file) {
  sqlite3_file* const real = SealedFile::of(file).real();
  real->pMethods->xShmBarrier(real);
}

/// No page comes past read().
int no_mapping(sqlite3_file* /*file*/, sqlite3_int64 /*offset*/, int /*amount*/, void** page) {
  *page = nullptr;
  return SQLITE_OK;
}
int no_unmapping(sqlite3_file* /*file*/, sqlite3_int64 /*offset*/, void* /*page*/) {
  return SQLITE_OK;
}

const sqlite3_io_methods kMethods = {
    3,
    pass_on<&sqlite3_io_methods::xClose>,
    read,
    write,
    pass_on<&sqlite3_io_methods::xTruncate, sqlite3_int64>,
    pass_on<&sqlite3_io_methods::xSync, int>,
    pass_on<&sqlite3_io_methods::xFileSize, sqlite3_int64*>,
    pass_on<&sqlite3_io_methods::xLock, int>,
    pass_on<&sqlite3_io_methods::xUnlock, int>,
    pass_on<&sqlite3_io_methods::xCheckReservedLock, int*>,
    pass_on<&sqlite3_io_methods::xFileControl, int, void*>,
    pass_on<&sqlite3_io_methods::xSectorSize>,
    pass_on<&sqlite3_io_methods::xDeviceCharacteristics>,
    pass_on<&sqlite3_io_methods::xShmMap, int, int, int, volatile void**>,
    pass_on<&sqlite3_io_methods::xShmLock, int, int, int>,
    shm_barrier,
    pass_on<&sqlite3_io_methods::xShmUnmap, int>,
    no_mapping,
    no_unmapping,
};

/// Only databases are sealed; WAL, shared memory and temporary files are as they always were.
int open(sqlite3_vfs* /*vfs*/, const char* name, sqlite3_file* file, int flags, int* flags_out) {
  sqlite3_vfs* const below = vfs_below();
  if ((flags & SQLITE_OPEN_MAIN_DB) == 0) return below->xOpen(below, name, file, flags, flags_out);
  auto* const self = new (file) SealedFile{{nullptr}, SealedFile::Sealed::kUnknown};
  const int code = below->xOpen(below, name, self->real(), flags, flags_out);
  // SQLite calls xClose if, and only if, there are methods.
  if (self->real()->pMethods != nullptr) self->base.pMethods = &kMethods;
  if (code != SQLITE_OK) return code;
  std::array<char, kHeaderSize> header{};
  if (self->real()->pMethods->xRead(self->real(), header.data(), kHeaderSize, 0) == SQLITE_OK) {
    self->learn(header.data());
  }
  return SQLITE_OK;
}

sqlite3_vfs make_vfs() {
  // What is not about open files is done by the functions below, which do not look at their VFS.
  sqlite3_vfs vfs = *vfs_below();
  vfs.szOsFile += static_cast<int>(sizeof(SealedFile));
  vfs.pNext = nullptr;
  vfs.zName = "cairn-sealed";
  vfs.xOpen = open;
  return vfs;
}

}  // namespace

std::uint64_t page_seal(std::uint64_t number, std::string_view octets) {
  // As SQLite's WAL does it: two sums that depend on each other, over words of 32 bits. The number
  // is in it, spread over both, so that a page that was written to another's place is noticed.
  const std::uint64_t spread = number * 0x9E3779B97F4A7C15U;
  auto first = static_cast<std::uint32_t>(spread);
  auto second = static_cast<std::uint32_t>(spread >> 32U) ^ 0x5EA1C0DEU;
  for (std::size_t at = 0; at + 8 <= octets.size(); at += 8) {
    std::array<std::uint32_t, 2> words{};
    std::memcpy(words.data(), octets.data() + at, 8);
    first += words[0] + second;
    second += words[1] + first;
  }
  const std::uint64_t seal = (static_cast<std::uint64_t>(first) << 32U) | second;
  return seal == 0 ? 1 : seal;
}

const char* sealed_vfs() {
  static sqlite3_vfs vfs = make_vfs();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  CAIRN_ASSERT(registered == SQLITE_OK, "SQLite takes another VFS");
  return vfs.zName;
}

}  // namespace cairn::storage
