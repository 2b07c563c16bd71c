import Foundation

/// What clients in Python do, one request after the other, and `mlserver infer` with a file of 1,000 rows.
struct OtherClients {
  private struct Line: Decodable {
    var client, server: String
    var rows: Int
    var per_second, seconds: Double?
  }

  private let lines: [Line]

  init(servers: String) throws {
    let python = Programs.repository + "/.peers/mlserver/bin/python"
    let printed = try Programs.run([python, "-B", Programs.repository + "/Tests/Peers/bench/clients.py", servers])
    lines = try printed.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
  }

  func perSecond(_ client: String, _ server: String, _ rows: Int) -> Double {
    lines.first { $0.client == client && $0.server == server && $0.rows == rows }?.per_second ?? .nan
  }

  /// Seconds, the start of the program included.
  var mlserverInfer: Double { lines.first { $0.client == "mlserver infer" }?.seconds ?? .nan }
}
