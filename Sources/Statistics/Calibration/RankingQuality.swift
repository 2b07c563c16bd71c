/// The area under the ROC curve: how likely a positive scores above a negative, ties half (Mann & Whitney 1947).
public enum RankingQuality {
  /// AUC from average ranks; nil unless both outcomes occur and lengths agree. Scores must not be NaN.
  public static func areaUnderCurve(scores: [Double], outcomes: [Bool]) -> Double? {
    let positives = outcomes.count { $0 }
    let negatives = outcomes.count - positives
    guard scores.count == outcomes.count, positives > 0, negatives > 0 else { return nil }
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var rankSum = 0.0
    var start = 0
    while start < order.count {
      var end = start
      while end < order.count && scores[order[end]] == scores[order[start]] { end += 1 }
      let hits = order[start..<end].count { outcomes[$0] }
      rankSum += Double(hits) * Double(start + end + 1) / 2
      start = max(end, start + 1)
    }
    let least = Double(positives) * Double(positives + 1) / 2
    return (rankSum - least) / (Double(positives) * Double(negatives))
  }
}
