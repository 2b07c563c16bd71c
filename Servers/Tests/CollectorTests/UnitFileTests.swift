internal import Foundation
internal import Testing

/// The unit that `make install` puts in place, held to systemd's own judgement where that is installed.
@Suite("The systemd unit") struct UnitFileTests {
  static let analyze = "/usr/bin/systemd-analyze"

  /// A copy that runs the built program, as systemd looks for it.
  private func unit() throws -> URL {
    let text = try String(contentsOf: Repository.file("packaging/mds-collector.service"), encoding: .utf8)
    #expect(text.contains("/usr/local/libexec/mds/mds-collector serve"))
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-unit-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appending(path: "mds-collector.service")
    try text.replacing("/usr/local/libexec/mds/mds-collector", with: try Program.path())
      .write(to: file, atomically: false, encoding: .utf8)
    return file
  }

  @Test(
    "is one that systemd takes without a remark, and exposes little of the machine",
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: UnitFileTests.analyze), "systemd-analyze is not installed"))
  func judged() throws {
    let file = try unit()
    defer { try? FileManager.default.removeItem(at: file.deletingLastPathComponent()) }
    let verified = try Program.run(Self.analyze, ["verify", file.path])
    #expect(verified.status == 0 && verified.errors.isEmpty, "\(verified.errors)")
    // 20 of 100: what is left is that it serves a network.
    let security = try Program.run(
      Self.analyze, ["security", "--offline=true", "--no-pager", "--threshold=20", file.path])
    #expect(security.status == 0, "\(security.output)")
  }

  @Test("names only options that the program has") func options() throws {
    let text = try String(contentsOf: Repository.file("packaging/mds-collector.service"), encoding: .utf8)
    let help = try Program.run(["serve", "--help"]).output
    let command = try #require(text.split(separator: "ExecStart=").last?.split(separator: "COLLECTOR_OPTIONS").first)
    let options = command.split { $0 == " " || $0 == "\n" }.filter { $0.hasPrefix("--") }
    #expect(options.count == 5)
    for option in options { #expect(help.contains(option), "\(option)") }
  }

  @Test("reads files as credentials that its user can read, each of which the drop-in names") func credentials() throws
  {
    let settings = try String(contentsOf: Repository.file("packaging/mds-collector.environment"), encoding: .utf8)
    let dropIn = try String(
      contentsOf: Repository.file("packaging/mds-collector.credentials.conf"), encoding: .utf8)
    let place = "/run/credentials/mds-collector.service/"
    let named = settings.split(separator: place).dropFirst().map { $0.prefix { $0.isLetter || $0 == "-" } }
    #expect(named.count == 3)
    for name in named { #expect(dropIn.contains("LoadCredential=\(name):/etc/mds-collector/"), "\(name)") }
    // Folder and files are root's alone.
    for line in settings.split(separator: "\n") where line.contains("--") {
      #expect(!line.contains(" /etc/mds-collector/") && !line.contains("=/etc/mds-collector/"), "\(line)")
    }
    guard FileManager.default.isExecutableFile(atPath: Self.analyze) else { return }
    let file = try unit()
    let folder = file.deletingLastPathComponent()
    defer { try? FileManager.default.removeItem(at: folder) }
    let beside = folder.appending(path: "mds-collector.service.d")
    try FileManager.default.createDirectory(at: beside, withIntermediateDirectories: true)
    try dropIn.write(to: beside.appending(path: "credentials.conf"), atomically: false, encoding: .utf8)
    let verified = try Program.run(Self.analyze, ["verify", file.path])
    #expect(verified.status == 0 && verified.errors.isEmpty, "\(verified.errors)")
  }
}
