#!/bin/sh
# Deploys Pando into a running Payara: a node, and a data source jdbc/Pando.
#
#   ROOTDIR=/var/lib/pando ./payara-deploy.sh [ASADMIN OPTION ...]
#
# RAR      the archive                                      pando.rar
# ROOTDIR  the node's data directory                        required
# P2PADDR  multiaddress on which peers reach the node       none: the node is alone
# PEERS    multiaddresses of peers, separated by commas     none
# SQLADDR  HOST:PORT on which SQL clients reach the node    none: applications of this server only
# ASADMIN  the command                                      asadmin
set -eu
: "${RAR:=pando.rar}" "${ROOTDIR:?the data directory of the node}" "${ASADMIN:=asadmin}"

# asadmin separates properties by colons; one within a value takes a backslash.
value() { printf '%s' "$1" | sed 's/[:=]/\\&/g'; }

properties="rootdir=$(value "$ROOTDIR")"
if [ -n "${P2PADDR:-}" ]; then properties="$properties:p2paddr=$(value "$P2PADDR")"; fi
if [ -n "${PEERS:-}" ]; then properties="$properties:peers=$(value "$PEERS")"; fi
if [ -n "${SQLADDR:-}" ]; then properties="$properties:sqladdr=$(value "$SQLADDR")"; fi

"$ASADMIN" "$@" create-resource-adapter-config --property "$properties" pando
"$ASADMIN" "$@" deploy --name pando "$RAR"
"$ASADMIN" "$@" create-connector-connection-pool --raname pando --connectiondefinition javax.sql.DataSource \
  --transactionsupport LocalTransaction --maxpoolsize 20 pando-pool
"$ASADMIN" "$@" create-connector-resource --poolname pando-pool jdbc/Pando
