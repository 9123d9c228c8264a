// Draws a histogram and the cumulative share.
#include "bench/page_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/text.hpp"
#include "value/words.hpp"

namespace wsfault::bench {
namespace {

constexpr double width = 880;
constexpr double height = 170;
constexpr double left = 52;
constexpr double right = 52;
constexpr double top = 22;
constexpr double bottom = 26;
constexpr double plot_width = width - left - right;
constexpr double plot_height = height - top - bottom;
constexpr double base = height - bottom;
/// Labels of marks closer than this would overlap.
constexpr double label_room = 74;

/// Few rounds would leave gaps between narrow bars.
std::size_t bars_for(std::size_t rounds) {
  return static_cast<std::size_t>(std::clamp(3 * std::sqrt(static_cast<double>(rounds)), 12.0, 60.0));
}

class Chart {
 public:
  Chart(std::vector<std::int64_t> values, const Axis& axis) : values_(std::move(values)), axis_(axis) {
    std::ranges::sort(values_);
  }

  std::string print(std::string_view label) {
    svg_ =
        fmt::format(R"(<svg viewBox="0 0 {} {}" role="img" aria-label="{}">)", width, height, label) + "\n";
    draw_axes();
    draw_bars();
    draw_share();
    draw_percentiles();
    return svg_ + "</svg>\n";
  }

 private:
  double x_of(double value) const {
    const double share =
        (value - static_cast<double>(axis_.low)) / static_cast<double>(axis_.high - axis_.low);
    return left + plot_width * std::clamp(share, 0.0, 1.0);
  }

  void text(double x, double y, std::string_view anchor, std::string_view content,
            std::string_view name = "") {
    svg_ += fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}"{}>{}</text>)", x, y, anchor,
                        name.empty() ? std::string() : fmt::format(" class=\"{}\"", name), content) +
            "\n";
  }

  void line(double x1, double y1, double x2, double y2, std::string_view name) {
    svg_ += fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", name, x1, y1,
                        x2, y2) +
            "\n";
  }

  void draw_axes() {
    for (std::int64_t at = axis_.low; at <= axis_.high; at += axis_.step) {
      const double x = x_of(static_cast<double>(at));
      line(x, top, x, base, "grid");
      text(x, base + 16, "middle", mark_text(axis_, at));
    }
    for (const int percent : {0, 50, 100})
      text(left + plot_width + 8, base - plot_height * percent / 100 + 4, "start",
           fmt::format("{}%", percent));
    line(left, base, left + plot_width, base, "axis");
  }

  void draw_bars() {
    const std::size_t bars = bars_for(values_.size());
    const std::vector<std::size_t> parts = histogram(values_, axis_.low, axis_.high, bars);
    const std::size_t highest = *std::ranges::max_element(parts);
    const double bar_width = plot_width / static_cast<double>(bars);
    for (std::size_t i = 0; i < parts.size(); ++i) {
      if (parts[i] == 0) continue;
      const double tall = plot_height * static_cast<double>(parts[i]) / static_cast<double>(highest);
      const double from = static_cast<double>(axis_.low) + static_cast<double>(axis_.high - axis_.low) *
                                                               static_cast<double>(i) /
                                                               static_cast<double>(bars);
      const double to = from + static_cast<double>(axis_.high - axis_.low) / static_cast<double>(bars);
      svg_ +=
          fmt::format(
              R"(<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{} to {}: {}</title></rect>)",
              left + bar_width * static_cast<double>(i) + 0.5, base - tall, bar_width - 1, tall,
              time_text(from), time_text(to), rounds(parts[i])) +
          "\n";
    }
    text(left - 8, top + 4, "end", std::to_string(highest));
    text(left - 8, base + 4, "end", "0");
  }

  static std::string rounds(std::size_t count) { return counted(count, "round"); }

  /// A step up at every value.
  void draw_share() {
    std::string points = fmt::format("{:.1f},{:.1f}", left, base);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const double x = x_of(static_cast<double>(values_[i]));
      const auto y = [&](std::size_t count) {
        return base - plot_height * static_cast<double>(count) / static_cast<double>(values_.size());
      };
      points += fmt::format(" {:.1f},{:.1f} {:.1f},{:.1f}", x, y(i), x, y(i + 1));
    }
    points += fmt::format(" {:.1f},{:.1f}", left + plot_width, top);
    svg_ += fmt::format(R"(<polyline class="line" points="{}"/>)", points) + "\n";
  }

  void draw_percentiles() {
    const Summary summary = *summarise(values_);
    const double p50 = x_of(static_cast<double>(summary.p50));
    const double p99 = x_of(static_cast<double>(summary.p99));
    line(p50, top, p50, base, "mark");
    line(p99, top, p99, base, "mark");
    const bool apart = p99 - p50 > 2 * label_room;
    const std::string first = fmt::format("p50 {}", time_text(static_cast<double>(summary.p50)));
    const std::string last = fmt::format("p99 {}", time_text(static_cast<double>(summary.p99)));
    if (apart) {
      text(std::max(p50, left + label_room / 2), top - 8, "middle", first, "value");
      text(std::min(p99, left + plot_width - label_room / 2), top - 8, "middle", last, "value");
    } else {
      const double middle = (p50 + p99) / 2;
      const double x = std::clamp(middle, left + label_room, left + plot_width - label_room);
      text(x, top - 8, "middle", first + " · " + last, "value");
    }
  }

  std::vector<std::int64_t> values_;
  Axis axis_;
  std::string svg_;
};

}  // namespace

std::string print_chart(std::vector<std::int64_t> values, const Axis& axis, std::string_view label) {
  return Chart(std::move(values), axis).print(label);
}

}  // namespace wsfault::bench
