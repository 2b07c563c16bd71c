import Foundation

/// What the other programs show: a repository of 400 commits, a folder of 500 files, a log of 3,000 lines and a mailbox
/// of 300 letters.
struct Fixtures {
  let folder: String
  var repository: String { folder + "/repository" }
  var files: String { folder + "/files" }
  var log: String { folder + "/app.log" }
  var mailbox: String { folder + "/mailbox" }
  /// Where the programs keep their settings.
  var home: String { folder + "/home" }

  init(in folder: String) throws {
    self.folder = folder
    for path in [repository, files, home + "/.config/lazygit", home + "/.config/aerc", folder + "/letters/mail/cur"] {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    for name in ["new", "tmp"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/letters/mail/\(name)", withIntermediateDirectories: false)
    }
    for number in 1...500 {
      let name = "\(files)/model-\(Self.padded(number, 3))-artifact.bin"
      try Data(count: number * 37).write(to: URL(fileURLWithPath: name))
    }
    let words = ["INFO", "INFO", "WARN", "INFO", "ERROR"]
    try (0..<3000).map { number in
      "2026-09-01T12:\(Self.padded(number / 60 % 60, 2)):\(Self.padded(number % 60, 2))Z \(words[number % 5]) router: "
        + "request id=\(number) model=income latency=\(number * 37 % 400)ms\n"
    }.joined().write(toFile: log, atomically: false, encoding: .utf8)
    try writeMail()
    try writeSettings()
  }

  private static func padded(_ number: Int, _ width: Int) -> String {
    let digits = "\(number)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }

  private func writeMail() throws {
    var all = ""
    for number in 0..<300 {
      let time = "\(Self.padded(number / 60, 2)):\(Self.padded(number % 60, 2))"
      let letter = """
        From: Ana \(number % 13) <ana\(number % 13)@example.org>
        To: lab@example.org
        Subject: Drift report \(number) for model \(number % 9)
        Date: Tue, 01 Sep 2026 \(time):00 +0000
        Message-ID: <\(number)@example.org>

        The report of window \(number).

        """
      all += "From ana@example.org Tue Sep  1 \(time):00 2026\n" + letter + "\n"
      try letter.write(toFile: "\(folder)/letters/mail/cur/\(number):2,S", atomically: false, encoding: .utf8)
    }
    try all.write(toFile: mailbox, atomically: false, encoding: .utf8)
  }

  private func writeSettings() throws {
    try "disableStartupPopups: true\nupdate:\n  method: never\n".write(
      toFile: home + "/.config/lazygit/config.yml", atomically: false, encoding: .utf8)
    let accounts = home + "/.config/aerc/accounts.conf"
    try "[lab]\nsource = maildir://\(folder)/letters\nfrom = Ana <ana@example.org>\ndefault = mail\n".write(
      toFile: accounts, atomically: false, encoding: .utf8)
    // aerc reads it only where nobody else can.
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: accounts)
  }

  /// Makes the repository, in one stream, where git is installed.
  func writeRepository() throws {
    var stream = ""
    for number in 1...400 {
      let subject =
        "Commit \(number): adjust the router for tenant \(number % 7)"
        + String(
          repeating: ", and more", count: number % 4)
      let content = (1...number).filter { $0 % 20 == number % 20 }.map { "line \($0)\n" }.joined()
      stream += "commit refs/heads/main\ncommitter Ana <ana@example.org> \(1_790_000_000 + number * 3600) +0000\n"
      stream += "data \(subject.utf8.count)\n\(subject)\n"
      stream += "M 100644 inline file\(number % 20).txt\ndata \(content.utf8.count)\n\(content)\n"
    }
    let path = folder + "/stream"
    try stream.write(toFile: path, atomically: false, encoding: .utf8)
    try Programs.run(["/usr/bin/git", "init", "-q", "-b", "main", repository])
    try Programs.run(["/bin/sh", "-c", "git -C \"$0\" fast-import --quiet < \"$1\"", repository, path])
    try Programs.run(["/usr/bin/git", "-C", repository, "reset", "-q", "--hard"])
  }
}
