import Foundation
import Glibc

/// A process and all that it has started, as the kernel counts them.
struct ProcessTree {
  private let members: [Int32]

  init(of root: Int32) {
    var children: [Int32: [Int32]] = [:]
    for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let process = Int32(name), let parent = Self.fields(process).flatMap({ Int32($0[1]) }) else { continue }
      children[parent, default: []].append(process)
    }
    var (found, rest) = ([Int32](), [root])
    while let process = rest.popLast() {
      found.append(process)
      rest += children[process] ?? []
    }
    members = found
  }

  /// Milliseconds of the processor that they have had, and those that have ended before; in ticks of ten.
  var milliseconds: Double {
    let ticks = members.compactMap { Self.fields($0) }.reduce(0) { sum, fields in
      sum + fields[11...14].reduce(0) { $0 + (Int($1) ?? 0) }
    }
    return Double(ticks) * 1000 / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// The most memory that they have had, in MB.
  var peak: Double { Double(members.reduce(0) { $0 + ((try? Start.residentPeak($1)) ?? 0) }) / 1024 }

  /// What stands in /proc/PID/stat after the program's name: its state, its parent, …
  private static func fields(_ process: Int32) -> [Substring]? {
    guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
      let end = text.lastIndex(of: ")")
    else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    return fields.count > 14 ? fields : nil
  }
}
