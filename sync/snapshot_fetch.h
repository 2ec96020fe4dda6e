#pragma once
// Which parts of a snapshot a node asks for, and when (docs/protocol.md, snapshot): first the
// manifest, then what is not here yet, a few at a time. Pure: no I/O, clock or chance.

#include "core/base/time.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::sync {

struct SnapshotLimits {
  Duration answer = std::chrono::seconds(2);  ///< awaited, doubling
  Duration answer_most = std::chrono::seconds(30);
  std::size_t window = 4;  ///< parts asked for at once
  unsigned tries = 6;      ///< of one question; then the feeds are read instead
};

class SnapshotFetch {
 public:
  explicit SnapshotFetch(SnapshotLimits limits = {}) : limits_(limits) {}

  enum class Stage : std::uint8_t {
    kNone,      ///< no snapshot is being fetched
    kManifest,  ///< asked what there is
    kParts,     ///< fetching
    kComplete,  ///< every part is here
  };

  // ---- inputs ----

  /// The hub offers a snapshot, or has another one by now.
  void begin(MonoTime now);
  void stop();
  /// The manifest is here; of its parts, which need not be asked for.
  void have_manifest(const std::vector<bool>& held, MonoTime now);
  /// A part has come and is being saved.
  void arrived(std::uint32_t number);
  /// It is saved.
  void saved(std::uint32_t number);
  /// It could not be used: it is asked for again, later each time.
  void useless(std::uint32_t number);
  void asked(std::uint32_t number, MonoTime now);

  // ---- outputs ----

  /// What to ask now: part numbers, 0 for the manifest.
  [[nodiscard]] std::vector<std::uint32_t> wanted(MonoTime now) const;
  [[nodiscard]] std::optional<MonoTime> deadline() const;
  /// Nobody answers: the feeds have to do.
  [[nodiscard]] bool hopeless(MonoTime now) const;
  [[nodiscard]] Stage stage() const { return stage_; }
  /// Parts that are saved, and all of them.
  [[nodiscard]] std::size_t done() const;
  [[nodiscard]] std::size_t parts() const;

 private:
  struct Question {
    enum class State : std::uint8_t { kOpen, kArrived, kDone };
    State state = State::kOpen;
    unsigned times = 0;  ///< asked
    MonoTime until;      ///< not again before this
  };

  [[nodiscard]] bool open(const Question& question) const {
    return question.state == Question::State::kOpen;
  }

  SnapshotLimits limits_;
  Stage stage_ = Stage::kNone;
  std::vector<Question> questions_;  ///< by number: the manifest, then the parts
};

}  // namespace cairn::sync
