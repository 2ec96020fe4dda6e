#pragma once
// The words of messages: Mustache templates (https://mustache.github.io/mustache.5.html), a folder
// for each language, a file for each kind and the frame around them (docs/notifications.md). What a
// template cannot mean is refused when it is loaded, with its file and line. The library behind it
// is known to this folder only. Any thread, one object in one thread at a time.

#include "central/notifications/notice.h"
#include "core/domain/notification/contact.h"

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cairn::central {

/// How the shop calls itself, and where a shopper finds an order.
struct ShopWords {
  std::string name;
  /// "https://shop.example/orders/{order}": {order} becomes the order's number, escaped; empty: no
  /// link.
  std::string order_link;
};

struct Message {
  std::string subject;  ///< one line, at most 200 octets
  std::string text;
  std::string html;  ///< the same; whatever is not the template's own is escaped
};

/// Octets of one template.
inline constexpr std::size_t kTemplateMost = 64U << 10U;

class MessageTemplates {
 public:
  /// The names of all files: "en/confirmed.txt", ...
  static const std::vector<std::string>& names();
  /// `instead`: texts in place of those that the program brings, by name. Errors: kInvalid
  /// "bad_template", as "FILE:LINE: what".
  static Result<MessageTemplates> load(ShopWords shop,
                                       const std::map<std::string, std::string>& instead);
  MessageTemplates(MessageTemplates&&) noexcept;
  MessageTemplates& operator=(MessageTemplates&&) noexcept;
  ~MessageTemplates();

  /// One kind has its own subject; several have the frame's.
  [[nodiscard]] Message render(const Notice& notice, domain::NoticeLanguage language) const;

 private:
  struct Parsed;
  explicit MessageTemplates(ShopWords shop);

  ShopWords shop_;
  std::map<std::string, std::unique_ptr<Parsed>> files_;
};

}  // namespace cairn::central
