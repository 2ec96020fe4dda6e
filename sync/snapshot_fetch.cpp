#include "sync/snapshot_fetch.h"

#include <algorithm>

namespace cairn::sync {

void SnapshotFetch::begin(MonoTime now) {
  stage_ = Stage::kManifest;
  questions_.assign(1, {Question::State::kOpen, 0, now});
}

void SnapshotFetch::stop() {
  stage_ = Stage::kNone;
  questions_.clear();
}

void SnapshotFetch::have_manifest(const std::vector<bool>& held, MonoTime now) {
  questions_.assign(1, {Question::State::kDone, 0, now});
  for (const bool here : held) {
    questions_.push_back({here ? Question::State::kDone : Question::State::kOpen, 0, now});
  }
  stage_ = done() == parts() ? Stage::kComplete : Stage::kParts;
}

void SnapshotFetch::arrived(std::uint32_t number) {
  if (number < questions_.size() && open(questions_[number])) {
    questions_[number].state = Question::State::kArrived;
  }
}

void SnapshotFetch::saved(std::uint32_t number) {
  if (number == 0 || number >= questions_.size()) return;
  questions_[number].state = Question::State::kDone;
  if (stage_ == Stage::kParts && done() == parts()) stage_ = Stage::kComplete;
}

void SnapshotFetch::useless(std::uint32_t number) {
  if (number < questions_.size()) questions_[number].state = Question::State::kOpen;
}

void SnapshotFetch::asked(std::uint32_t number, MonoTime now) {
  if (number >= questions_.size()) return;
  Question& question = questions_[number];
  Duration wait = limits_.answer;
  for (unsigned i = 0; i < question.times && wait < limits_.answer_most; ++i) wait *= 2;
  question.until = now + std::min(wait, limits_.answer_most);
  ++question.times;
}

std::vector<std::uint32_t> SnapshotFetch::wanted(MonoTime now) const {
  std::vector<std::uint32_t> numbers;
  if (stage_ != Stage::kManifest && stage_ != Stage::kParts) return numbers;
  std::size_t on_their_way = 0;
  for (const Question& question : questions_) {
    if (open(question) && question.times > 0 && now < question.until) ++on_their_way;
  }
  for (std::size_t number = 0; number < questions_.size(); ++number) {
    if (on_their_way + numbers.size() >= limits_.window) break;
    const Question& question = questions_[number];
    if (!open(question) || (question.times > 0 && now < question.until)) continue;
    numbers.push_back(static_cast<std::uint32_t>(number));
  }
  return numbers;
}

std::optional<MonoTime> SnapshotFetch::deadline() const {
  std::optional<MonoTime> first;
  if (stage_ != Stage::kManifest && stage_ != Stage::kParts) return first;
  for (const Question& question : questions_) {
    if (!open(question) || question.times == 0) continue;
    if (!first || question.until < *first) first = question.until;
  }
  return first;
}

bool SnapshotFetch::hopeless(MonoTime now) const {
  return std::ranges::any_of(questions_, [&](const Question& question) {
    return open(question) && question.times >= limits_.tries && now >= question.until;
  });
}

std::size_t SnapshotFetch::done() const {
  if (questions_.empty()) return 0;
  // The first one is the manifest.
  return static_cast<std::size_t>(std::count_if(
      questions_.begin() + 1, questions_.end(),
      [](const Question& question) { return question.state == Question::State::kDone; }));
}

std::size_t SnapshotFetch::parts() const { return questions_.empty() ? 0 : questions_.size() - 1; }

}  // namespace cairn::sync
