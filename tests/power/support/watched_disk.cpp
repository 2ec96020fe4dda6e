#include "tests/power/support/watched_disk.h"

#include "core/base/assert.h"

#include <sqlite3.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>
#include <utility>

namespace cairn::power {
namespace {

constexpr std::array<const char*, 3> kNames = {"", "-wal", "-journal"};

struct Watched {
  std::mutex mutex;
  std::map<std::string, WatchedDisk*> disks;  ///< by the database's path
};
Watched& watched() {
  static Watched all;
  return all;
}

/// The disk that a path belongs to, and which of its files it is.
std::pair<WatchedDisk*, const char*> find(const char* path) {
  if (path == nullptr) return {nullptr, nullptr};
  const std::scoped_lock lock(watched().mutex);
  const std::string_view text(path);
  for (const char* const name : kNames) {
    if (!text.ends_with(name)) continue;
    const auto found =
        watched().disks.find(std::string(text.substr(0, text.size() - std::strlen(name))));
    if (found != watched().disks.end()) return {found->second, name};
  }
  return {nullptr, nullptr};
}

sqlite3_vfs* real_vfs() {
  static sqlite3_vfs* const vfs = sqlite3_vfs_find("unix");
  return vfs;
}

// ---- an open file: ours, and the real one behind it in the same memory ----

struct File {
  sqlite3_file base;
  WatchedDisk* disk;
  const char* name;
  bool syncs_folder;  ///< the unix VFS syncs the folder of a journal with its first sync
};
constexpr int kOurs = (sizeof(File) + 15) / 16 * 16;

File& ours(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }
sqlite3_file* real(sqlite3_file* file) {
  return reinterpret_cast<sqlite3_file*>(reinterpret_cast<char*>(file) + kOurs);
}

bool happens(File& file, DiskOp::Kind kind, std::uint64_t at = 0, std::string octets = {}) {
  return file.disk->happens({kind, file.name, at, std::move(octets)});
}

int close_file(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }
int read_file(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return real(file)->pMethods->xRead(real(file), to, size, at);
}
int write_file(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  std::string octets(static_cast<const char*>(from), static_cast<std::size_t>(size));
  if (!happens(ours(file), DiskOp::Kind::kWrite, static_cast<std::uint64_t>(at),
               std::move(octets))) {
    return SQLITE_IOERR_WRITE;
  }
  return real(file)->pMethods->xWrite(real(file), from, size, at);
}
int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (!happens(ours(file), DiskOp::Kind::kTruncate, static_cast<std::uint64_t>(size))) {
    return SQLITE_IOERR_TRUNCATE;
  }
  return real(file)->pMethods->xTruncate(real(file), size);
}
int sync_file(sqlite3_file* file, int flags) {
  File& our = ours(file);
  if (!happens(our, DiskOp::Kind::kSync)) return SQLITE_IOERR_FSYNC;
  if (std::exchange(our.syncs_folder, false) && !happens(our, DiskOp::Kind::kSyncFolder)) {
    return SQLITE_IOERR_DIR_FSYNC;
  }
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
int control_file(sqlite3_file* file, int op, void* argument) {
  return real(file)->pMethods->xFileControl(real(file), op, argument);
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

constexpr sqlite3_io_methods kMethods = {
    2,         close_file,  read_file,      write_file,   truncate_file, sync_file,       file_size,
    lock_file, unlock_file, check_reserved, control_file, sector_size,   characteristics, map_shm,
    lock_shm,  barrier_shm, unmap_shm,      nullptr,      nullptr};

// ---- the VFS ----

int open_file(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* flags_out) {
  const auto [disk, name] = find(path);
  if (disk == nullptr) return real_vfs()->xOpen(real_vfs(), path, file, flags, flags_out);
  const bool fresh = (flags & SQLITE_OPEN_CREATE) != 0 && !disk->has(name);
  file->pMethods = nullptr;
  if (fresh && !disk->happens({DiskOp::Kind::kCreate, name, 0, {}})) return SQLITE_CANTOPEN;
  File& our = ours(file);
  our.disk = disk;
  our.name = name;
  constexpr int kJournals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
  our.syncs_folder = (flags & SQLITE_OPEN_CREATE) != 0 && (flags & kJournals) != 0;
  const int code = real_vfs()->xOpen(real_vfs(), path, real(file), flags, flags_out);
  if (code == SQLITE_OK) file->pMethods = &kMethods;
  return code;
}

int delete_file(sqlite3_vfs*, const char* path, int sync_folder) {
  const auto [disk, name] = find(path);
  if (disk != nullptr && disk->has(name)) {
    if (!disk->happens({DiskOp::Kind::kDelete, name, 0, {}})) return SQLITE_IOERR_DELETE;
    if (sync_folder != 0 && !disk->happens({DiskOp::Kind::kSyncFolder, name, 0, {}})) {
      return SQLITE_IOERR_DIR_FSYNC;
    }
  }
  return real_vfs()->xDelete(real_vfs(), path, sync_folder);
}

void install() {
  static const bool once = [] {
    static sqlite3_vfs vfs = *real_vfs();
    vfs.zName = "cairn-watched";
    vfs.pNext = nullptr;
    vfs.szOsFile = kOurs + real_vfs()->szOsFile;
    vfs.xOpen = open_file;
    vfs.xDelete = delete_file;
    return sqlite3_vfs_register(&vfs, 1) == SQLITE_OK;
  }();
  CAIRN_ASSERT(once, "the VFS is registered");
}

}  // namespace

WatchedDisk::WatchedDisk(const std::string& path, bool traced)
    : path_(std::filesystem::weakly_canonical(path).string()),
      first_(take(path_)),
      model_(first_),
      traced_(traced) {
  install();
  const std::scoped_lock lock(watched().mutex);
  const bool fresh = watched().disks.emplace(path_, this).second;
  CAIRN_ASSERT(fresh, "a database is watched by one");
}

WatchedDisk::~WatchedDisk() {
  const std::scoped_lock lock(watched().mutex);
  watched().disks.erase(path_);
}

bool WatchedDisk::happens(DiskOp op) {
  const std::scoped_lock lock(mutex_);
  if (left_ == 0) return false;
  if (left_) --*left_;
  ++operations_;
  op.by = std::this_thread::get_id();
  model_.apply(op);
  if (traced_) trace_.push_back(std::move(op));
  return true;
}

bool WatchedDisk::has(const std::string& name) const {
  const std::scoped_lock lock(mutex_);
  return model_.has(name);
}

void WatchedDisk::put(const std::string& path, const Image& image) {
  std::filesystem::remove(path + "-shm");
  for (const std::string name : kNames) {
    const auto file = image.find(name);
    if (file == image.end()) {
      std::filesystem::remove(path + name);
    } else {
      std::ofstream(path + name, std::ios::binary | std::ios::trunc) << file->second;
    }
  }
}

Image WatchedDisk::take(const std::string& path) {
  Image image;
  for (const std::string name : kNames) {
    std::ifstream in(path + name, std::ios::binary);
    if (in) image[name] = {std::istreambuf_iterator<char>(in), {}};
  }
  return image;
}

}  // namespace cairn::power
