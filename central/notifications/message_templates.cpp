#include "central/notifications/message_templates.h"

#include "core/base/utf8.h"

#include "notification_templates.h"

#include <fmt/format.h>
#include <kainjow/mustache.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace cairn::central {
namespace {

using Template = kainjow::mustache::mustache;
using Data = kainjow::mustache::data;
using domain::NoticeLanguage;
using domain::NotificationKind;

constexpr std::array kNoticeLanguages = {NoticeLanguage::kEnglish, NoticeLanguage::kGerman};
constexpr std::string_view kSubjectField = "Subject: ";
constexpr std::size_t kSubjectMost = 200;

std::string lower(std::string_view text) {
  std::string word(text);
  for (char& c : word) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return word;
}

std::string file_of(NoticeLanguage language, std::string_view what) {
  return fmt::format("{}/{}", name_of(language), what);
}

std::string file_of(NoticeLanguage language, NotificationKind kind) {
  return file_of(language, lower(name_of(kind)) + ".txt");
}

/// Looks values up as Mustache does, and remembers names that nothing has.
class StrictContext final : public kainjow::mustache::basic_context<std::string> {
 public:
  explicit StrictContext(const Data& data) : inner_(&data) {}

  void push(const Data* data) override { inner_.push(data); }
  void pop() override { inner_.pop(); }
  const Data* get(const std::string& name) const override {
    const Data* const found = inner_.get(name);
    if (found == nullptr) unknown_.insert(name);
    return found;
  }
  const Data* get_partial(const std::string& name) const override {
    unknown_.insert(name);
    return nullptr;
  }
  [[nodiscard]] const std::set<std::string>& unknown() const { return unknown_; }

 private:
  kainjow::mustache::context<std::string> inner_;
  mutable std::set<std::string> unknown_;
};

std::string as_it_is(const std::string& text) { return text; }

std::size_t line_at(std::string_view text, std::size_t position) {
  const auto before = text.substr(0, std::min(position, text.size()));
  return 1 + static_cast<std::size_t>(std::ranges::count(before, '\n'));
}

tl::unexpected<Error> bad_template(std::string_view file, std::size_t line, std::string_view what) {
  return fail(ErrorCode::kInvalid, "bad_template", fmt::format("{}:{}: {}", file, line, what));
}

/// One line, whatever is in it: it becomes a header.
std::string one_line(std::string text) {
  for (char& c : text) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  if (text.size() <= kSubjectMost) return text;
  text.resize(kSubjectMost);
  while (!text.empty() && !is_utf8(text)) text.pop_back();
  return text;
}

/// RFC 3986, 2.1: whatever is not unreserved.
std::string url_escaped(std::string_view text) {
  constexpr std::string_view kPlain = "-._~";
  std::string escaped;
  for (const char c : text) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       kPlain.find(c) != std::string_view::npos;
    escaped += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return escaped;
}

std::string link_to(const ShopWords& shop, const std::string& reference) {
  constexpr std::string_view kPlace = "{order}";
  std::string link = shop.order_link;
  const auto at = link.find(kPlace);
  if (at != std::string::npos) link.replace(at, kPlace.size(), url_escaped(reference));
  return link;
}

Data common_data(const ShopWords& shop, const Notice& notice) {
  Data data;
  data.set("shop", shop.name);
  data.set("order", notice.reference);
  const std::string link = link_to(shop, notice.reference);
  data.set("link", link.empty() ? Data(Data::type::bool_false) : Data(link));
  return data;
}

Data part_data(const ShopWords& shop, const Notice& notice, const NoticePart& part) {
  Data lines(Data::type::list);
  for (const NoticeLine& line : part.lines) {
    Data row;
    row.set("name", one_line(line.name));
    row.set("quantity", line.quantity);
    lines << row;
  }
  Data data = common_data(shop, notice);
  data.set("lines", lines);
  data.set("site", part.site);
  data.set("amount", part.amount);
  return data;
}

/// Blank lines part paragraphs.
Data paragraphs_of(std::string_view text) {
  Data paragraphs(Data::type::list);
  Data rows(Data::type::list);
  const auto end_paragraph = [&paragraphs, &rows] {
    if (rows.is_empty_list()) return;
    Data paragraph;
    paragraph.set("rows", rows);
    paragraphs << paragraph;
    rows = Data(Data::type::list);
  };
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (row.empty()) {
      end_paragraph();
      continue;
    }
    Data one;
    one.set("row", std::string(row));
    rows << one;
  }
  end_paragraph();
  return paragraphs;
}

/// A section that says nothing leaves its line: more than one empty line is one.
std::string tidied(std::string text) {
  for (auto at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n", at)) {
    text.erase(at, 1);
  }
  return text;
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

}  // namespace

/// Rendering changes what the library keeps of a template, though not what comes out of it.
struct MessageTemplates::Parsed {
  std::optional<Template> subject;  ///< nothing: HTML
  Template body;

  std::string subject_of(const Data& data) { return one_line(subject->render(data)); }

  /// Errors: kInvalid "bad_template". `name`: ends in ".txt" or ".html".
  static Result<std::unique_ptr<Parsed>> parse(const std::string& name, std::string_view text);
  /// Errors: kInvalid "bad_template": it names what `data` does not have.
  Result<> check(const std::string& name, std::string_view text, const Data& data);
};

Result<std::unique_ptr<MessageTemplates::Parsed>> MessageTemplates::Parsed::parse(
    const std::string& name, std::string_view text) {
  for (const std::string_view tag : {"{{=", "{{>", "{{{", "{{&"}) {
    if (const auto at = text.find(tag); at != std::string_view::npos) {
      return bad_template(name, line_at(text, at),
                          fmt::format("\"{}\" is not used here: values are escaped, and there are "
                                      "no parts to include",
                                      tag));
    }
  }
  std::optional<Template> subject;
  std::size_t body_at = 0;
  if (name.ends_with(".txt")) {
    const auto end = text.find('\n');
    const std::string_view first = text.substr(0, end);
    if (!first.starts_with(kSubjectField) || end == std::string_view::npos ||
        !text.substr(end + 1).starts_with('\n')) {
      return bad_template(name, 1,
                          "the first line is \"Subject: \" and words, the second is empty");
    }
    subject.emplace(std::string(first.substr(kSubjectField.size())));
    subject->set_custom_escape(as_it_is);
    if (!subject->is_valid()) return bad_template(name, 1, subject->error_message());
    body_at = end + 2;
  }
  Template body{std::string(text.substr(body_at))};
  if (!body.is_valid()) {
    // "... at POSITION"
    const std::string& what = body.error_message();
    const auto number = what.find_last_of(' ');
    std::size_t position = 0;
    for (const char c : std::string_view(what).substr(number + 1)) {
      if (c >= '0' && c <= '9') position = position * 10 + static_cast<std::size_t>(c - '0');
    }
    return bad_template(name, line_at(text, body_at + position), what.substr(0, what.rfind(" at")));
  }
  if (subject) body.set_custom_escape(as_it_is);
  return std::make_unique<Parsed>(Parsed{std::move(subject), std::move(body)});
}

Result<> MessageTemplates::Parsed::check(const std::string& name, std::string_view text,
                                         const Data& data) {
  StrictContext context(data);
  body.render(context);
  if (subject) subject->render(context);
  if (context.unknown().empty()) return {};
  const std::string& unknown = *context.unknown().begin();
  return bad_template(name, line_at(text, text.find(unknown)),
                      fmt::format("there is nothing of the name \"{}\"", unknown));
}

namespace {

/// Everything that a file of this name may speak of.
Data full_data(const ShopWords& shop, const std::string& name) {
  const Notice notice = sample_notice(NotificationKind::kConfirmed);
  Data data = part_data(shop, notice, notice.parts.front());
  data.set("link", "https://shop.example");
  if (name.find("/frame.") == std::string::npos) return data;
  Data frame = common_data(shop, notice);
  frame.set("link", "https://shop.example");
  frame.set("subject", "words");
  Data part;
  part.set("text", "words");
  part.set("paragraphs", paragraphs_of("words\n"));
  Data parts(Data::type::list);
  parts << part;
  frame.set("parts", parts);
  return frame;
}

}  // namespace

const std::vector<std::string>& MessageTemplates::names() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> all;
    for (const NoticeLanguage language : kNoticeLanguages) {
      for (const NotificationKind kind : domain::kNotificationKinds) {
        all.push_back(file_of(language, kind));
      }
      all.push_back(file_of(language, "frame.txt"));
      all.push_back(file_of(language, "frame.html"));
    }
    return all;
  }();
  return kNames;
}

Result<MessageTemplates> MessageTemplates::load(ShopWords shop,
                                                const std::map<std::string, std::string>& instead) {
  MessageTemplates templates(std::move(shop));
  const auto& own = notification_templates();
  for (std::size_t at = 0; at < names().size(); ++at) {
    const std::string& name = names()[at];
    const auto other = instead.find(name);
    const std::string_view text =
        other == instead.end() ? own.at(at).text : std::string_view(other->second);
    auto parsed = Parsed::parse(name, text);
    if (!parsed) return fail(parsed.error());
    if (auto ok = (*parsed)->check(name, text, full_data(templates.shop_, name)); !ok) {
      return fail(ok.error());
    }
    templates.files_.emplace(name, *std::move(parsed));
  }
  return templates;
}

MessageTemplates::MessageTemplates(ShopWords shop) : shop_(std::move(shop)) {}
MessageTemplates::MessageTemplates(MessageTemplates&&) noexcept = default;
MessageTemplates& MessageTemplates::operator=(MessageTemplates&&) noexcept = default;
MessageTemplates::~MessageTemplates() = default;

Message MessageTemplates::render(const Notice& notice, NoticeLanguage language) const {
  Message message;
  Data frame = common_data(shop_, notice);
  Data parts(Data::type::list);
  for (const NoticePart& part : notice.parts) {
    Parsed& words = *files_.at(file_of(language, part.kind));
    const Data data = part_data(shop_, notice, part);
    const std::string text = trimmed(words.body.render(data));
    message.subject = words.subject_of(data);
    Data told;
    told.set("text", text);
    told.set("paragraphs", paragraphs_of(text));
    parts << told;
  }
  Parsed& around = *files_.at(file_of(language, "frame.txt"));
  if (notice.parts.size() != 1) message.subject = around.subject_of(frame);
  frame.set("subject", message.subject);
  frame.set("parts", parts);
  message.text = tidied(around.body.render(frame));
  message.html = files_.at(file_of(language, "frame.html"))->body.render(frame);
  return message;
}

}  // namespace cairn::central
