#pragma once
// Decodes pictures in a process of their own, cairn-decode, which is started when it is needed and
// again whenever it is lost. ZXing ends the process on some ordinary pictures; here that costs the
// picture at most one look, never its neighbours and never the program that asks. One thread at a
// time; a call blocks until the picture is decoded or given up.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/camera/decode_frame.h"
#include "device-drivers/camera/decoded.h"
#include "device-drivers/wire/file_descriptor.h"

#include <sys/types.h>

#include <string>
#include <vector>

namespace cairn::devices {

struct DecoderSettings {
  std::vector<std::string> command;              ///< the program and its arguments
  Duration budget = std::chrono::seconds(3);     ///< of the worker, for looking
  Duration patience = std::chrono::seconds(12);  ///< with it, from a picture's first octet on
};

/// cairn-decode, which lies beside the running program.
std::string decoder_program();

class DecoderProcess {
 public:
  DecoderProcess(DecoderSettings settings, const Clock& clock);
  DecoderProcess(const DecoderProcess&) = delete;
  DecoderProcess& operator=(const DecoderProcess&) = delete;
  /// Ends the process.
  ~DecoderProcess();

  /// A PNG or JPEG file. Errors: those of load_image(); kUnavailable "decoder_missing" (it cannot
  /// be started), "decoder_lost" (the picture ended it again and again), "decoder_slow" (given up
  /// after `patience`), "decoder_confused" (its answer is none).
  Result<DecodedImage> decode_file(BytesView file, Effort effort);

  /// `image` as it is. Errors: as above; kInvalid "image_too_large".
  Result<DecodedImage> decode_pixels(const Luminance& image, Effort effort);

  /// How often it had to be started; 1 if nothing ever went wrong.
  [[nodiscard]] int starts() const { return starts_; }
  /// Of the process, -1 if none runs.
  [[nodiscard]] pid_t pid() const { return pid_; }

 private:
  /// How an attempt ended without an answer.
  enum class Loss : std::uint8_t { kEnded, kSlow, kConfused };
  struct Attempt;

  Result<DecodedImage> decode(DecodeRequest request);
  Result<> start();
  void stop();
  Attempt attempt(const DecodeRequest& request, MonoTime give_up);

  DecoderSettings settings_;
  const Clock& clock_;
  FileDescriptor wire_{-1};
  pid_t pid_ = -1;
  int starts_ = 0;
};

}  // namespace cairn::devices
