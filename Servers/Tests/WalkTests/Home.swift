import Foundation
import Testing

/// A machine's home with all that an analyst has there: configuration, ledger, token, key. It can be copied whole.
struct Home {
  let path: String
  let desk: Desk

  private init(_ path: String, _ scratch: Scratch) {
    self.path = path
    desk = Desk(
      path.split(separator: "/").last.map(String.init) ?? "", scratch, target: ["--context", "lab"],
      environment: [
        "HOME": path, "XDG_CONFIG_HOME": path + "/config", "XDG_DATA_HOME": path + "/data",
        "XDG_STATE_HOME": path + "/state", "XDG_CACHE_HOME": path + "/cache",
      ])
  }

  /// A home that is enrolled at a collector, and has scored some records.
  init(_ name: String, _ lab: Lab, at collector: RunningServer, records: String) throws {
    self.init("\(lab.path)/\(name)", lab.scratch)
    try FileManager.default.createDirectory(atPath: path + "/config/mds", withIntermediateDirectories: true)
    try "[contexts.lab]\nservice = \"\(lab.service.url)\"\n".write(
      toFile: path + "/config/mds/config.toml", atomically: false, encoding: .utf8)
    let token = try desk.token(of: lab.database, ["--scope", "write"])
    let kept = path + "/token"
    try FileManager.default.moveItem(atPath: token, toPath: kept)
    let connected = try desk.mds(["connect", collector.url, "--token-file", kept])
    #expect(connected.status == 0, "\(connected)")
    let scored = try desk.mds(["infer", "wine", "--input", records])
    #expect(scored.status == 0, "\(scored)")
  }

  /// Copies the home file by file, whatever runs in it.
  func copy(to name: String) throws -> Home {
    let other = Home("\(desk.scratch.path)/\(name)", desk.scratch)
    let copied = try output(of: ["/bin/cp", "-a", path, other.path])
    #expect(copied.status == 0, "\(copied.errors)")
    return other
  }

  /// Puts a copy in this one's place, which is no more.
  func replace(by old: Home) throws {
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.moveItem(atPath: old.path, toPath: path)
  }
}
