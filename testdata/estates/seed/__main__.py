"""Creates at least one resource of every type, outside Terraform, and prints their import IDs as JSON.

    python3 testdata/estates/seed [--prefix NAME] [SERVICE ...]

Each service is a file beside this one, with a function seed(session, context) that returns
{terraform type: [import IDs]}. Endpoint, keys and region come from the environment, as boto3 reads them
(AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION). With names of services, only those are seeded,
and the four that the others lean on. It refuses to run against AWS itself: it is for emulators.
"""

import argparse
import importlib
import json
import os
import pathlib
import sys

import boto3

sys.dont_write_bytecode = True  # leave nothing in the checkout

FIRST = ["vpc", "iam", "s3", "kms"]  # what others refer to through the context


def services(directory):
    names = {path.stem for path in directory.glob("*.py") if not path.stem.startswith("_")}
    return [name for name in FIRST if name in names] + sorted(names - set(FIRST))


def main():
    parser = argparse.ArgumentParser(prog="seed", description=__doc__.splitlines()[0])
    parser.add_argument("--prefix", default="seed", help="begins every name, so that runs stay apart")
    parser.add_argument("service", nargs="*", help="seed only these (default: all)")
    arguments = parser.parse_args()

    if not os.environ.get("AWS_ENDPOINT_URL"):
        sys.exit("seed: AWS_ENDPOINT_URL is not set; point it to an emulator such as moto_server")
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "us-east-1"
    session = boto3.Session(region_name=region)

    directory = pathlib.Path(__file__).resolve().parent
    sys.path.insert(0, str(directory))
    known = services(directory)
    unknown = sorted(set(arguments.service) - set(known))
    if unknown:
        sys.exit(f"seed: no such service: {', '.join(unknown)}; there are {', '.join(known)}")

    account = session.client("sts").get_caller_identity()["Account"]
    context = {"prefix": arguments.prefix, "region": region, "account": account}
    created = {}
    for name in known:
        if arguments.service and name not in arguments.service and name not in FIRST:
            continue
        for type_, ids in importlib.import_module(name).seed(session, context).items():
            created.setdefault(type_, []).extend(ids)
    json.dump(created, sys.stdout, indent=2, sort_keys=True)
    print()


if __name__ == "__main__":
    main()
