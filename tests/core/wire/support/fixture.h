#pragma once
// Golden octets from tests/fixtures, as hexadecimal digits with blanks and line ends between.

#include "core/base/bytes.h"

#include <string>

namespace cairn::wire::test {

/// The octets of tests/fixtures/<name>; empty if there is no such file or it is not hexadecimal.
Bytes fixture(const std::string& name);

/// `bytes` as a fixture is written: 32 octets a line.
std::string as_fixture(BytesView bytes);

}  // namespace cairn::wire::test
