"""Tables that Spark reads, on this machine or on a cluster: the same sums, bit for bit."""

from .cluster import SparkCluster

__all__ = ["SparkCluster"]
