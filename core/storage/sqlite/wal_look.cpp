#include "core/storage/sqlite/wal_look.h"

#include "core/storage/sqlite/page_checks.h"

#include <bit>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace cairn::storage {
namespace {

// SQLite file format, section 4: all numbers big-endian.
constexpr std::size_t kHeader = 32;
constexpr std::size_t kFrameHeader = 24;
constexpr std::size_t kFrame = kFrameHeader + kPageSize;
constexpr std::uint32_t kWalMagic = 0x377F0682;  // the last bit: checksums of big-endian words

std::uint32_t big_endian(std::string_view octets, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    value = (value << 8U) | static_cast<unsigned char>(octets[at + i]);
  }
  return value;
}

std::uint32_t little_endian(std::string_view octets, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 4; i-- > 0;) {
    value = (value << 8U) | static_cast<unsigned char>(octets[at + i]);
  }
  return value;
}

using Sums = std::pair<std::uint32_t, std::uint32_t>;

class Wal {
 public:
  explicit Wal(std::string octets) : octets_(std::move(octets)) {
    const std::uint32_t magic = big_endian(octets_, 0);
    big_ = (magic & 1U) != 0 && (magic & ~1U) == kWalMagic;
    const Sums sums = add({0, 0}, std::string_view(octets_).substr(0, 24));
    header_good_ = (magic & ~1U) == kWalMagic && sums == stored(0, 24);
  }

  [[nodiscard]] std::size_t frames() const { return (octets_.size() - kHeader) / kFrame; }
  [[nodiscard]] bool header_good() const { return header_good_; }
  [[nodiscard]] Sums header_sums() const { return stored(0, 24); }
  [[nodiscard]] std::string_view header_salts() const {
    return std::string_view(octets_).substr(16, 8);
  }
  [[nodiscard]] std::string_view salts(std::size_t frame) const {
    return std::string_view(octets_).substr(at(frame) + 8, 8);
  }
  [[nodiscard]] std::uint32_t page(std::size_t frame) const {
    return big_endian(octets_, at(frame));
  }
  [[nodiscard]] bool commits(std::size_t frame) const {
    return big_endian(octets_, at(frame) + 4) != 0;
  }
  [[nodiscard]] Sums stored_sums(std::size_t frame) const { return stored(at(frame), 16); }
  /// Whether a sector ends between the size of the database and the salts.
  [[nodiscard]] static bool splits_before_salts(std::size_t frame) {
    return (at(frame) + 8) % 512 == 0;
  }
  /// What its checksum has to be after `before`.
  [[nodiscard]] Sums sums(std::size_t frame, Sums before) const {
    const std::string_view all(octets_);
    return add(add(before, all.substr(at(frame), 8)),
               all.substr(at(frame) + kFrameHeader, kPageSize));
  }

 private:
  static std::size_t at(std::size_t frame) { return kHeader + frame * kFrame; }
  [[nodiscard]] Sums stored(std::size_t from, std::size_t offset) const {
    return {big_endian(octets_, from + offset), big_endian(octets_, from + offset + 4)};
  }
  [[nodiscard]] Sums add(Sums sums, std::string_view octets) const {
    for (std::size_t i = 0; i < octets.size(); i += 8) {
      sums.first += word(octets, i) + sums.second;
      sums.second += word(octets, i + 4) + sums.first;
    }
    return sums;
  }
  [[nodiscard]] std::uint32_t word(std::string_view octets, std::size_t i) const {
    return big_ ? big_endian(octets, i) : little_endian(octets, i);
  }

  std::string octets_;
  bool big_ = false;
  bool header_good_ = false;
};

/// Whether the frame ends a transaction. After a power loss each sector of an unfinished frame may
/// be an old one: its size of the database is believed if the salts beside it are those of this log
/// (a bit of them may be what was harmed), and if they stand in the same sector or the whole is
/// good.
bool ends_transaction(const Wal& wal, std::string_view salts, std::size_t frame, Sums before) {
  if (!wal.commits(frame)) return false;
  int wrong = 0;
  for (std::size_t i = 0; i < salts.size(); ++i) {
    wrong += std::popcount(static_cast<unsigned char>(wal.salts(frame)[i] ^ salts[i]));
  }
  if (wrong > 1) return false;
  return wal.sums(frame, before) == wal.stored_sums(frame) || !wal.splits_before_salts(frame);
}

/// Whether a commit at `first_bad` or after it was followed by another frame.
bool has_witness(const Wal& wal, std::string_view salts, std::size_t first_bad, Sums before) {
  for (std::size_t frame = first_bad; frame + 1 < wal.frames(); ++frame) {
    const Sums good = wal.sums(frame, before);
    const bool commit = ends_transaction(wal, salts, frame, before);
    before = wal.stored_sums(frame);
    if (!commit || wal.salts(frame + 1) != salts) continue;
    // What was harmed may be the checksum itself.
    const Sums next = wal.stored_sums(frame + 1);
    if (wal.sums(frame + 1, before) == next || wal.sums(frame + 1, good) == next) return true;
  }
  return false;
}

/// Whether a header that is wrong was that of the frames behind it: when a log is begun anew both
/// salts change.
bool header_was_harmed(const Wal& wal) {
  if (wal.frames() == 0) return false;
  const std::string_view salts = wal.salts(0);
  const bool same_log = salts.substr(0, 4) == wal.header_salts().substr(0, 4) ||
                        salts.substr(4) == wal.header_salts().substr(4);
  if (!same_log) return false;
  for (std::size_t frame = 0; frame < wal.frames() && wal.salts(frame) == salts; ++frame) {
    if (wal.commits(frame)) return true;
  }
  return false;
}

}  // namespace

WalLook look_at_wal(const std::string& wal_path) {
  std::ifstream in(wal_path, std::ios::binary);
  std::string octets{std::istreambuf_iterator<char>(in), {}};
  WalLook look;
  if (octets.size() < kHeader) return look;
  const Wal wal(std::move(octets));
  if (!wal.header_good()) {
    look.commits_lost = header_was_harmed(wal);
    return look;
  }
  Sums sums = wal.header_sums();
  std::vector<std::uint32_t> open;  // pages of a transaction that has not committed yet
  std::size_t frame = 0;
  for (; frame < wal.frames(); ++frame) {
    const Sums next = wal.sums(frame, sums);
    if (wal.salts(frame) != wal.header_salts() || next != wal.stored_sums(frame)) break;
    sums = next;
    open.push_back(wal.page(frame));
    if (!wal.commits(frame)) continue;
    look.pages.insert(open.begin(), open.end());
    open.clear();
  }
  look.commits_lost = has_witness(wal, wal.header_salts(), frame, sums);
  return look;
}

}  // namespace cairn::storage
