// cairn-decode: reads barcodes from pictures, for programs that must not be lost when a picture
// upsets a library. It is started by them (device-drivers/camera/decoder_process.h), talks over its
// standard input and output (decode_frame.h) and has no use by hand: `cairn decode FILE`.

#include "core/runtime/system_clock.h"
#include "device-drivers/camera/decode_worker.h"

#include <unistd.h>

int main() {
  cairn::devices::limit_decoder_resources();
  const cairn::runtime::SystemClock clock;
  return cairn::devices::serve_decoding(STDIN_FILENO, STDOUT_FILENO, clock);
}
