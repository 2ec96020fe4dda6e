// Prints the ZPL of a parcel's label: label_zpl SENDER REFERENCE WEIGHT SSCC TRACKING. For
// tests/labels/run, which draws it and reads it back.

#include "device-drivers/zpl/parcel_label.h"

#include <cstdio>

int main(int argc, char** argv) {
  constexpr int kWords = 6;
  if (argc != kWords) {
    std::fputs("label_zpl SENDER REFERENCE WEIGHT SSCC TRACKING\n", stderr);
    return 2;
  }
  const auto zpl = cairn::devices::zpl_of({argv[1], argv[2], argv[3], argv[4], argv[5]});
  if (!zpl) {
    std::fprintf(stderr, "%s\n", zpl.error().message.c_str());
    return 1;
  }
  std::fputs(zpl->c_str(), stdout);
  return 0;
}
