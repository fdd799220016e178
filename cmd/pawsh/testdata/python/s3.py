>>> from boto.s3.connection import S3Connection
>>> from boto.s3.key import Key
>>> conn = S3Connection('AKIDX', 'secret-x')
>>> import boto
>>> s3 = boto.connect_s3()
>>> bucket = s3.create_bucket('mybucket')
>>> try:
...     s3.create_bucket('a')
... except s3.provider.storage_create_error, e:
...     print 'no such bucket name'
...
>>> from boto.s3.connection import Location
>>> eu = s3.create_bucket('mybucket-eu', location=Location.EU)
>>> print eu.get_location()
#> EU
>>> k = Key(bucket)
>>> k.key = 'foobar'
>>> k.set_contents_from_string('This is a test of S3')
#> 20
>>> b = s3.get_bucket('mybucket')
>>> k = Key(b)
>>> k.key = 'foobar'
>>> k.get_contents_as_string()
#> "This is a test of S3"
>>> k = Key(b)
>>> k.key = 'myfile'
>>> f = open('/tmp/pawsh_corpus.txt', 'w')
>>> f.write('from a file')
>>> f.close()
>>> k.set_contents_from_filename('/tmp/pawsh_corpus.txt')
#> 11
>>> k.get_contents_to_filename('/tmp/pawsh_corpus_copy.txt')
>>> print open('/tmp/pawsh_corpus_copy.txt').read()
#> from a file
>>> import os
>>> os.remove('/tmp/pawsh_corpus.txt')
>>> os.remove('/tmp/pawsh_corpus_copy.txt')
>>> nonexistent = s3.lookup('i-dont-exist-at-all')
>>> if nonexistent is None:
...     print "No such bucket!"
...
#> No such bucket!
>>> mybucket = s3.get_bucket('mybucket')
>>> mybucket = s3.get_bucket('mybucket', validate=False)
>>> possible_key = mybucket.get_key('not-there')
>>> print possible_key
#> None
>>> key = mybucket.get_key('foobar')
>>> print key.size, key.name, key.key
#> 20 foobar foobar
>>> for key in mybucket.list():
...     print key.name
...
#> foobar
#> myfile
>>> for key in mybucket:
...     print key.name, key.size
...
#> foobar 20
#> myfile 11
>>> print sum([key.size for key in mybucket.list()])
#> 31
>>> keys = mybucket.get_all_keys(maxkeys=1)
>>> len(keys)
#> 1
>>> for key in mybucket.list(prefix='my', delimiter='/'):
...     print key.name
#> myfile
>>> rs = s3.get_all_buckets()
>>> len(rs)
#> 2
>>> for b in rs:
...     print b.name
...
#> mybucket
#> mybucket-eu
>>> 'mybucket' in [b.name for b in rs]
#> true
>>> b.set_acl('public-read')
>>> mybucket.set_acl('private', 'foobar')
>>> acp = mybucket.get_acl()
>>> acp
#> FULL_CONTROL
>>> acp.acl
>>> for grant in acp.acl.grants:
...     print grant.permission
...
#> FULL_CONTROL
>>> k = mybucket.get_key('foobar')
>>> k.set_canned_acl('public-read')
>>> k.set_metadata('meta1', 'This is the first metadata value')
>>> k.get_metadata('meta1')
#> "This is the first metadata value"
>>> doc = mybucket.new_key('doc')
>>> doc.metadata.update({'kind': 'letter', 'lang': 'en'})
>>> doc.set_contents_from_string('Dear all')
#> 8
>>> found = mybucket.lookup('doc')
>>> print found.metadata['kind']
#> letter
>>> found.copy('mybucket-eu', 'doc2', metadata={'kind': 'copy'}, preserve_acl=True)
#> <Key: mybucket-eu,doc2>
>>> found.copy(eu.name, 'doc3', reduced_redundancy=True)
#> <Key: mybucket-eu,doc3>
>>> print eu.lookup('doc3').storage_class
#> REDUCED_REDUNDANCY
>>> url = found.generate_url(60)
>>> url.startswith('http')
#> true
>>> url2 = found.generate_url(3600, method='GET', query_auth=True, force_http=True, response_headers={'response-content-type': 'text/plain'})
>>> 'doc' in url2
#> true
>>> print mybucket.get_versioning_status()
#> {}
>>> mybucket.configure_versioning(True)
#> true
>>> print mybucket.get_versioning_status()
#> {'Versioning': 'Enabled'}
>>> for v in mybucket.list_versions():
...     print v.name
#> doc
>>> from boto.s3.lifecycle import Lifecycle, Transition, Rule, Expiration
>>> to_glacier = Transition(days=30, storage_class='GLACIER')
>>> rule = Rule('ruleid', 'logs/', 'Enabled', transition=to_glacier)
>>> lifecycle = Lifecycle()
>>> lifecycle.append(rule)
>>> mybucket.configure_lifecycle(lifecycle)
#> true
>>> current = mybucket.get_lifecycle_config()
>>> print current[0].transition
#> [<Transition: in: 30 days, GLACIER>]
>>> rule2 = Rule('ruleid2', 'tmp/', 'Enabled', expiration=Expiration(days=120))
>>> lifecycle.append(rule2)
>>> from boto.s3.cors import CORSConfiguration
>>> cors_cfg = CORSConfiguration()
>>> cors_cfg.add_rule(['PUT', 'POST', 'DELETE'], 'https://www.example.com', allowed_header='*', max_age_seconds=3000, expose_header='x-amz-server-side-encryption')
>>> cors_cfg.add_rule('GET', '*')
>>> mybucket.set_cors(cors_cfg)
#> true
>>> cors = mybucket.get_cors()
>>> print len(cors)
#> 2
>>> mybucket.delete_cors()
#> true
>>> mybucket.configure_website('index.html', 'error.html')
#> true
>>> mybucket.get_website_endpoint()
#> mybucket.s3-website
>>> logs = s3.create_bucket('mybucket-logs')
>>> logs.set_as_logging_target()
>>> mybucket.enable_logging(logs, target_prefix='logs/')
#> true
>>> status = mybucket.get_logging_status()
>>> print status.target
#> mybucket-logs
>>> mybucket.disable_logging()
#> true
>>> mp = mybucket.initiate_multipart_upload('large')
>>> mp.cancel_upload()
>>> mybucket.get_all_multipart_uploads()
#> []
>>> fresh = s3.create_bucket('to-be-emptied')
>>> fresh.new_key('a').set_contents_from_string('1')
#> 1
>>> for key in fresh.list():
...     key.delete()
...
>>> s3.delete_bucket('to-be-emptied')
>>> full_bucket = s3.lookup('to-be-emptied')
>>> print full_bucket
#> None
>>> mybucket.delete_key('myfile')
>>> mybucket.delete_keys(['doc'])
>>> print mybucket.lookup('doc') is None
#> True
