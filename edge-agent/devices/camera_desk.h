#pragma once
// Pictures that pages take, to the decoder and back. There is one decoder, and a page that is not
// answered sends the next picture: so pictures wait in a short line, and of each station only its
// newest. Any thread but the loop's; a call blocks until its picture is decoded or given up.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/camera/decoded.h"
#include "edge-agent/devices/camera_sights.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <set>
#include <string>

namespace cairn::agent {

class CameraDesk {
 public:
  /// Called by one thread at a time. Errors: those of devices::DecoderProcess::decode_file().
  using Decode = std::function<Result<devices::DecodedImage>(BytesView, devices::Effort)>;

  /// So many stations wait beside the one whose picture is being decoded.
  static constexpr std::size_t kWaitingMost = 4;

  CameraDesk(Decode decode, const Clock& clock) : decode_(std::move(decode)), clock_(&clock) {}

  /// The codes in a PNG or JPEG file. Errors: those of the decoder; kUnavailable "decoder_busy": a
  /// newer picture of the station took this one's place, too many wait, or it waited for 2 s.
  Result<devices::DecodedImage> decode(const std::string& station, BytesView picture,
                                       devices::Effort effort);

  /// CameraSights, for several threads.
  bool is_new_sight(const std::string& station, const std::string& code);
  void look(const std::string& station, const std::set<std::string>& codes);
  void lift(const std::string& station);
  void forget_sight(const std::string& station, const std::string& code);

 private:
  struct Waiting {
    std::string station;
    std::uint64_t ticket = 0;
  };

  Result<> wait_for_turn(const std::string& station);
  void end_turn();

  Decode decode_;
  const Clock* clock_;
  std::mutex mutex_;  ///< guards all below
  std::condition_variable changed_;
  std::deque<Waiting> waiting_;
  std::uint64_t tickets_ = 0;
  bool decoding_ = false;
  CameraSights sights_;
};

/// What devices of this kind are called: "camera:bench-1".
std::string camera_of(const std::string& station);

}  // namespace cairn::agent
