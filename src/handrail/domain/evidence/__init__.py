"""What happened, counted honestly: ratios, curves and follow-up, with intervals.

A figure that the data cannot give is None ("cannot tell"), never NaN and never 0.
"""
