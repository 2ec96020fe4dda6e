#pragma once
// One of every event, with every field set to something that is not its default, and the envelope
// that the fixtures in tests/fixtures/events share. What is committed there must stay readable for
// ever: a change here needs a new fixture, never a new content of an old one.

#include "core/domain/event.h"
#include "core/wire/feed_frame.h"
#include "core/wire/frame.h"
#include "core/wire/record.h"

#include <string>
#include <vector>

namespace cairn::wire::test {

struct Sample {
  std::string name;  ///< the event's name in the registry
  domain::Event event;
  domain::Key key;  ///< of the record it travels in
};

const std::vector<Sample>& samples();
const Sample& sample(const std::string& name);

/// The record of a sample in its fixture's envelope.
Record record_of(const Sample& sample);

/// What tests/fixtures/frames/uplink.v1.hex holds.
Frame sample_frame();
/// What tests/fixtures/frames/feed.v1.hex holds.
FeedFrame sample_feed_frame();

}  // namespace cairn::wire::test
