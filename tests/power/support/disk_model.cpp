#include "tests/power/support/disk_model.h"

#include "core/base/assert.h"

#include <algorithm>
#include <utility>

namespace cairn::power {
namespace {

void write_at(std::string& file, std::uint64_t at, std::string_view octets) {
  if (file.size() < at + octets.size()) file.resize(at + octets.size(), '\0');
  std::copy(octets.begin(), octets.end(), file.begin() + static_cast<std::ptrdiff_t>(at));
}

std::string junk(std::size_t size, sim::SimRandom& random) {
  std::string octets(size, '\0');
  for (char& octet : octets) octet = static_cast<char>(random.next());
  return octets;
}

/// Whether something as a whole reaches the disk.
bool reaches(const Loss& loss, sim::SimRandom& random) {
  switch (loss.kind) {
    case Loss::Kind::kEverything:
      return false;
    case Loss::Kind::kNothing:
      return true;
    case Loss::Kind::kSome:
      return random.percent(loss.reaches_percent);
  }
  return false;
}

}  // namespace

Loss some_loss(sim::SimRandom& random) {
  Loss loss;
  loss.kind = Loss::Kind::kSome;
  loss.sector = random.one_in(2) ? 512 : 4096;
  loss.reaches_percent = static_cast<std::uint64_t>(random.between(5, 95));
  loss.junk_percent = random.one_in(3) ? 30 : 0;
  return loss;
}

DiskModel::DiskModel(Image synced) {
  for (auto& [name, octets] : synced) {
    synced_names_[name] = std::make_shared<File>(File{std::move(octets), {}});
  }
  names_ = synced_names_;
}

void DiskModel::apply(const DiskOp& op) {
  switch (op.kind) {
    case DiskOp::Kind::kCreate:
      names_[op.name] = std::make_shared<File>();
      unsynced_names_.push_back({op.name, names_[op.name]});
      return;
    case DiskOp::Kind::kDelete:
      names_.erase(op.name);
      unsynced_names_.push_back({op.name, nullptr});
      return;
    case DiskOp::Kind::kSyncFolder:
      unsynced_names_.clear();
      synced_names_ = names_;
      return;
    default:
      break;
  }
  const auto found = names_.find(op.name);
  CAIRN_ASSERT(found != names_.end(), "a file that is written has a name");
  File& file = *found->second;
  if (op.kind == DiskOp::Kind::kSync) {
    for (const Change& change : file.unsynced) {
      if (change.truncates) {
        file.synced.resize(change.at, '\0');
      } else {
        write_at(file.synced, change.at, change.octets);
      }
    }
    file.unsynced.clear();
  } else {
    file.unsynced.push_back({op.kind == DiskOp::Kind::kTruncate, op.at, op.octets});
  }
}

Image DiskModel::written() const {
  sim::SimRandom unused(0);
  return after_power_loss({Loss::Kind::kNothing}, unused);
}

Image DiskModel::after_power_loss(const Loss& loss, sim::SimRandom& random) const {
  std::map<std::string, FilePtr> names = synced_names_;
  std::map<std::string, bool> lost;  // what comes later with a name is lost, too
  for (const Naming& naming : unsynced_names_) {
    if (lost[naming.name] || !reaches(loss, random)) {
      lost[naming.name] = true;
    } else if (naming.file) {
      names[naming.name] = naming.file;
    } else {
      names.erase(naming.name);
    }
  }
  Image image;
  for (const auto& [name, file] : names) image[name] = content(*file, loss, random);
  return image;
}

std::string DiskModel::content(const File& file, const Loss& loss, sim::SimRandom& random) {
  std::string octets = file.synced;
  for (const Change& change : file.unsynced) {
    if (change.truncates) {
      if (reaches(loss, random)) octets.resize(change.at, '\0');
      continue;
    }
    if (loss.kind == Loss::Kind::kNothing) {
      write_at(octets, change.at, change.octets);
      continue;
    }
    if (loss.kind == Loss::Kind::kEverything) continue;
    const std::uint64_t end = change.at + change.octets.size();
    for (std::uint64_t from = change.at; from < end;) {
      const std::uint64_t to = std::min<std::uint64_t>(end, (from / loss.sector + 1) * loss.sector);
      if (reaches(loss, random)) {
        write_at(octets, from, std::string_view(change.octets).substr(from - change.at, to - from));
      } else if (random.percent(loss.junk_percent)) {
        write_at(octets, from, junk(to - from, random));
      }
      from = to;
    }
  }
  return octets;
}

}  // namespace cairn::power
