% python
Python 2.7.1 (r271:86882M)
Type "help", "copyright", "credits" or "license" for more information.
>>> import boto
>>> ec2 = boto.connect_ec2(aws_access_key_id='AKIDEXAMPLE',
aws_secret_access_key='secret-of-the-example')
>>> ec2 = boto.connect_ec2()
>>> ec2.get_all_zones()
[RegionInfo:eu-west-1, RegionInfo:us-east-1,
RegionInfo:us-west-1]
#> [Zone:us-east-1a, Zone:us-east-1b
>>> import boto.ec2
>>> boto.ec2.regions()
[RegionInfo:eu-west-1, RegionInfo:us-east-1]
#> RegionInfo:eu-west-1
>>> first = _[0].connect()
>>> first.region
#> RegionInfo:af-south-1
>>> there = boto.ec2.connect_to_region('eu-west-1')
>>> there.region
#> RegionInfo:eu-west-1
>>> print there.region.name
#> eu-west-1
>>>
>>> boto.set_stream_logger('paws')
>>> s3 = boto.connect_s3(debug=2)
>>> ec2 = boto.connect_ec2(debug=2)
>>> print boto.config.get('Boto', 'no_such_option', 'none')
#> none
